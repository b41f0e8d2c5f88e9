package cluster

import (
	"fmt"

	"taskwire.dev/tools/function"
)

// inCluster is where a function is called from inside.
func inCluster(f function.Function) string {
	return fmt.Sprintf("http://%s.%s.svc.cluster.local", f.Name, Namespace)
}

// complete adds to the overlay's config map what it does not say: the addresses of functions, and, where one was asked
// for, the public one. It gives the data.
func complete(objects []object, o Options, functions []function.Function) (map[string]any, error) {
	for _, one := range objects {
		if one.kind() != "ConfigMap" || one.name() != configMap {
			continue
		}
		data, ok := one["data"].(map[string]any)
		if !ok {
			break
		}
		for _, f := range functions {
			if data[f.Key()+"_URL"] == nil {
				data[f.Key()+"_URL"] = inCluster(f)
			}
		}
		if o.PublicURL != "" {
			data["PUBLIC_URL"], data["JWT_ISSUER"] = o.PublicURL, o.PublicURL
		}
		return data, nil
	}
	return nil, fmt.Errorf("eventing/overlays/%s has no ConfigMap %s", o.Environment, configMap)
}
