package cluster

import (
	"fmt"

	"taskwire.dev/tools/manifest"
)

// configure returns the data of the overlay's config map, with the public address if one was given.
func configure(objects []manifest.Object, o Options) (map[string]any, error) {
	for _, one := range objects {
		if one.Kind() != "ConfigMap" || one.Name() != configMap {
			continue
		}
		data, ok := one["data"].(map[string]any)
		if !ok {
			break
		}
		if o.PublicURL != "" {
			data["PUBLIC_URL"], data["JWT_ISSUER"] = o.PublicURL, o.PublicURL
		}
		return data, nil
	}
	return nil, fmt.Errorf("eventing/overlays/%s has no ConfigMap %s", o.Environment, configMap)
}
