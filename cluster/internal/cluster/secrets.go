package cluster

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/secret"
)

// Names of the config map and the secrets that func.yaml files, components and manifests refer to.
const (
	configMap       = "taskwire-config"
	secretDatabase  = "taskwire-database"
	secretPasswords = "taskwire-database-passwords"
	secretPostgres  = "taskwire-postgres"
	secretRedis     = "taskwire-redis"
	secretSigning   = "taskwire-signing-key"
	secretExport    = "taskwire-export-key"
	secretSMTP      = "taskwire-smtp"
	secretOIDC      = "taskwire-oidc"
)

// described are the secrets whose values are more than a random word.
var described = []string{secretDatabase, secretPasswords, secretPostgres, secretRedis, secretSigning, secretExport, secretSMTP, secretOIDC}

// owner may create roles, and runs the migrations.
const owner = "owner"

// references are the referenced keys of secrets, by secret.
type references map[string]map[string]bool

func (r references) add(name, key string) {
	if r[name] == nil {
		r[name] = map[string]bool{}
	}
	r[name][key] = true
}

// referencesOf collects the references of functions, Jobs, components and the rest.
func referencesOf(objects []manifest.Object, functions []function.Function) references {
	r := references{}
	r.add(secretDatabase, owner)
	for _, one := range objects {
		r.walk(map[string]any(one))
	}
	for _, f := range functions {
		for _, reference := range f.References("secret") {
			name, key, _ := strings.Cut(reference, "/")
			r.add(name, key)
		}
		r.addTokens(func(annotation string) string { return f.Annotations[annotation] })
	}
	// The overlay brings the one that holds no secret, the name of the broker's login mechanism.
	for _, one := range objects {
		if one.Kind() == "Secret" {
			delete(r, one.Name())
		}
	}
	return r
}

// addTokens adds the tokens of a sidecar, which annotations name.
func (r references) addTokens(annotation func(name string) string) {
	if annotation("dapr.io/enabled") != "true" {
		return
	}
	for _, name := range []string{"dapr.io/app-token-secret", "dapr.io/api-token-secret"} {
		if token := annotation(name); token != "" {
			r.add(token, "token")
		}
	}
}

func (r references) walk(node any) {
	switch n := node.(type) {
	case map[string]any:
		if reference, ok := n["secretKeyRef"].(map[string]any); ok {
			name, _ := reference["name"].(string)
			if key, _ := reference["key"].(string); name != "" && key != "" && reference["optional"] != true {
				r.add(name, key)
			}
		}
		r.addTokens(func(name string) string { value, _ := n[name].(string); return value })
		for _, child := range n {
			r.walk(child)
		}
	case []any:
		for _, child := range n {
			r.walk(child)
		}
	}
}

// roles are the database's login roles: each has a URL under its name in one secret, its password in another.
func (r references) roles() []string {
	all := maps.Clone(r[secretPasswords])
	if all == nil {
		all = map[string]bool{}
	}
	maps.Copy(all, r[secretDatabase])
	delete(all, owner)
	return slices.Sorted(maps.Keys(all))
}

// values are the data of a secret.
type values map[string]string

// readSecret returns the data of a secret; a missing one is empty.
func (c Cluster) readSecret(ctx context.Context, name string) (values, error) {
	var found struct {
		Data map[string]string `json:"data"`
	}
	if _, err := c.get(ctx, &found, "secret", name); err != nil {
		return nil, err
	}
	held := values{}
	for key, encoded := range found.Data {
		plain, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fmt.Errorf("secret %s: %s: %w", name, key, err)
		}
		held[key] = string(plain)
	}
	return held, nil
}

// ensureSecrets generates missing values at random, and keeps existing ones: the cluster itself stores its secrets, so
// they are in no file. Values from the options replace existing ones.
func (c Cluster) ensureSecrets(ctx context.Context, o Options, needed references) error {
	held := map[string]values{}
	for _, name := range append(slices.Collect(maps.Keys(needed)), described...) {
		var err error
		if held[name], err = c.readSecret(ctx, name); err != nil {
			return err
		}
	}
	if err := setDatabase(needed.roles(), held[secretDatabase], held[secretPasswords], held[secretPostgres], o.DatabaseURL); err != nil {
		return err
	}
	if err := held[secretRedis].setRedis(o.RedisURL); err != nil {
		return err
	}
	for _, name := range []string{secretSigning, secretExport} {
		if held[name]["private-key"] != "" {
			continue
		}
		key, err := secret.NewSigningKey()
		if err != nil {
			return err
		}
		held[name]["private-key"] = key
	}
	if held[secretSMTP]["url"] == "" {
		held[secretSMTP]["url"] = "none" // nothing is known of a mail server
	}
	if held[secretOIDC]["providers"] == "" {
		held[secretOIDC]["providers"] = "none" // nor of providers
	}
	for name, keys := range needed {
		for key := range keys {
			if _, made := held[name][key]; !made {
				held[name][key] = secret.Random()
			}
		}
	}
	objects := make([]manifest.Object, 0, len(held))
	for _, name := range slices.Sorted(maps.Keys(held)) {
		objects = append(objects, manifest.Object{
			"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "stringData": held[name],
			"metadata": map[string]any{"name": name, "namespace": Namespace, "labels": partOf},
		})
	}
	content, err := manifest.Encode(objects)
	if err != nil {
		return err
	}
	return c.apply(ctx, content)
}

// partOf labels everything of Taskwire.
var partOf = map[string]string{"app.kubernetes.io/part-of": "taskwire"}

// setDatabase derives the URLs of all roles from the owner's, which by default is that of the overlay's PostgreSQL.
func setDatabase(roles []string, urls, passwords, postgres values, ownerURL string) error {
	postgres["password"] = cmp.Or(postgres["password"], secret.Random())
	if ownerURL == "" {
		ownerURL = fmt.Sprintf("postgres://taskwire:%s@postgres.%s.svc.cluster.local:5432/taskwire?sslmode=disable", postgres["password"], Namespace)
	}
	base, err := url.Parse(ownerURL)
	if err != nil || base.Host == "" {
		return fmt.Errorf("DATABASE_URL: want postgres://user:password@host/database")
	}
	urls[owner] = ownerURL
	for _, role := range roles {
		passwords[role] = cmp.Or(passwords[role], secret.Random())
		as := *base
		as.User = url.UserPassword("taskwire_"+role, passwords[role])
		urls[role] = as.String()
	}
	return nil
}

func (v values) setRedis(address string) error {
	if address == "" {
		if address = v["url"]; address == "" {
			address = fmt.Sprintf("redis://:%s@redis.%s.svc.cluster.local:6379", secret.Random(), Namespace)
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return fmt.Errorf("REDIS_URL: want redis://:password@host:port")
	}
	v["url"] = address
	v["password"], _ = u.User.Password()
	return nil
}

// checkKeys fails with the references that the cluster cannot resolve, each as secret/key.
func (c Cluster) checkKeys(ctx context.Context, needed references) error {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(needed)) {
		held, err := c.readSecret(ctx, name)
		if err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(needed[name])) {
			if held[key] == "" {
				missing = append(missing, name+"/"+key)
			}
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("the cluster lacks secrets, which no deployment makes up in production (docs/operations.md):\n  %s", strings.Join(missing, "\n  "))
	}
	return nil
}
