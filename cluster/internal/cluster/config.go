package cluster

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"taskwire.dev/tools/manifest"
)

// configure returns the data of the overlay's config map, with the public address and the servers' addresses if they were
// given. It writes the servers' into Dapr's components as well.
func configure(objects []manifest.Object, o Options) (map[string]any, error) {
	for _, one := range objects {
		if one.Kind() == "Component" {
			if err := readdress(one, o); err != nil {
				return nil, err
			}
		}
	}
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
		if o.KafkaBrokers != "" {
			data["KAFKA_BROKERS"] = o.KafkaBrokers
		}
		return data, nil
	}
	return nil, fmt.Errorf("eventing/overlays/%s has no ConfigMap %s", o.Environment, configMap)
}

// readdress sets the address of a component's server, if one was given.
func readdress(component manifest.Object, o Options) error {
	spec, _ := component["spec"].(map[string]any)
	settings, _ := spec["metadata"].([]any)
	for _, one := range settings {
		setting, _ := one.(map[string]any)
		switch {
		case setting["name"] == "brokers" && o.KafkaBrokers != "":
			setting["value"] = o.KafkaBrokers
		case setting["name"] == "redisHost" && o.RedisURL != "":
			u, err := url.Parse(o.RedisURL)
			if err != nil || u.Hostname() == "" {
				return fmt.Errorf("REDIS_URL: want redis://:password@host:port")
			}
			setting["value"] = u.Hostname() + ":" + cmp.Or(u.Port(), "6379")
		}
	}
	return nil
}

// servers is the annotation of a network policy with the addresses that its ports are for, separated by commas.
const servers = "taskwire.dev/servers"

// checkAddresses compares the addresses in secrets with those that the network policies are for. Functions would reach
// another address only by chance of its port, and every try would take until its timeout.
func checkAddresses(objects []manifest.Object, database, redis values) []string {
	of := map[string]string{}
	for _, one := range objects {
		if one.Kind() != "NetworkPolicy" {
			continue
		}
		annotations, _ := one.Metadata()["annotations"].(map[string]any)
		of[one.Name()], _ = annotations[servers].(string)
	}
	var wrong []string
	compare := func(secret, key, address, policy, port string) {
		u, err := url.Parse(address)
		if err != nil || u.Hostname() == "" {
			wrong = append(wrong, fmt.Sprintf("%s/%s is no address such as scheme://user:password@host:port", secret, key))
			return
		}
		found := u.Hostname() + ":" + cmp.Or(u.Port(), port)
		if !slices.Contains(strings.Split(of[policy], ","), found) {
			wrong = append(wrong, fmt.Sprintf("%s/%s is at %s, and the settings say %s", secret, key, found, of[policy]))
		}
	}
	for key, address := range database {
		policy := "may-reach-database"
		if key == owner || key == "backup" {
			policy = "migrations-may-reach-database"
		}
		compare(secretDatabase, key, address, policy, "5432")
	}
	compare(secretRedis, "url", redis["url"], "may-reach-redis", "6379")
	return wrong
}
