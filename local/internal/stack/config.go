package stack

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/secret"
)

// Names of the config map and the secrets that func.yaml files refer to; a cluster has the same.
const (
	configMap      = "taskwire-config"
	secretDatabase = "taskwire-database"
	secretRedis    = "taskwire-redis"
	secretKafka    = "taskwire-kafka"
	secretSigning  = "taskwire-signing-key"
	secretExport   = "taskwire-export-key"
	secretMCP      = "taskwire-mcp-client"
	secretSMTP     = "taskwire-smtp"
	secretFactors  = "taskwire-factors"
	secretOIDC     = "taskwire-oidc"
)

// roles are the database's login roles except the owner: their secret keys, and the variables that pass them to
// `migrate passwords`.
var roles = map[string]string{
	"app":    "TASKWIRE_APP_PASSWORD",
	"worker": "TASKWIRE_WORKER_PASSWORD",
	"auth":   "TASKWIRE_AUTH_PASSWORD",
	"outbox": "TASKWIRE_OUTBOX_PASSWORD",
	"stream": "TASKWIRE_STREAM_PASSWORD",

	"deadletter": "TASKWIRE_DEADLETTER_PASSWORD",
	"backup":     "TASKWIRE_BACKUP_PASSWORD",
}

// resolveValues creates what the references in func.yaml point to.
func (s *Stack) resolveValues() error {
	config := map[string]string{
		"PUBLIC_URL":   fmt.Sprintf("http://localhost:%d", s.profile.Gateway),
		"JWT_ISSUER":   fmt.Sprintf("http://localhost:%d", s.profile.Gateway),
		"JWT_AUDIENCE": "taskwire",
		// Clients use no other name for the gateway than that of PUBLIC_URL.
		"ALLOWED_HOSTS": "",
		// Here each signal has its own store, with its own variable.
		"OTEL_EXPORTER_OTLP_ENDPOINT": "",
		"OTEL_TRACES_SAMPLER_ARG":     cmp.Or(s.options.Sample, "1"),
		// Everything is on one host: the gateway is the only proxy, and sidecars send their token.
		"FORWARDED_HOPS":     "1",
		"TRUSTED_PROXY_HOPS": "0",
		"TRUST_MESH":         "false",
		"KAFKA_BROKERS":      s.brokers,
		"KAFKA_AUTH_TYPE":    "none",
		"KAFKA_SASL_TYPE":    "",
		// There is one gateway, and no requests are routed to a particular one.
		"DRAIN_DELAY": "0s",
		// All clients on this machine share one network address.
		"REGISTER_LIMIT_PER_HOUR": "1000",
		"LOGINS_PER_HOUR":         "5000",
		"LOGIN_FAILURES_PER_HOUR": "1000",
		"MAX_TASKS_PER_USER":      "1000000",
		"MAX_BYTES_PER_USER":      "1073741824",
	}
	// For the development of an app (docs/connect-an-assistant.md).
	config["OAUTH_PRIVATE_APPS"] = cmp.Or(os.Getenv("OAUTH_PRIVATE_APPS"), "false")
	config["MAIL_FROM"] = "Taskwire <taskwire@localhost>"
	if s.profile.Name != profile.Development {
		// Tests register thousands.
		config["REGISTER_LIMIT_PER_HOUR"] = "1000000"
		config["LOGINS_PER_HOUR"] = "1000000"
		config["LOGIN_FAILURES_PER_HOUR"] = "1000000"
	}
	maps.Copy(config, s.observeConfig())
	maps.Copy(config, function.Addresses(s.functions, s.reached))
	config["JWKS_URL"] = config["AUTH_URL"] + "/.well-known/jwks.json"

	owner, err := s.fromFunctions(s.ownerURL)
	if err != nil {
		return err
	}
	cache, err := s.linked(s.redisURL)
	if err != nil {
		return err
	}
	database := map[string]string{"owner": owner}
	for role := range roles {
		password, err := s.secrets.Password("database-" + role)
		if err != nil {
			return err
		}
		if database[role], err = asRole(owner, "taskwire_"+role, password); err != nil {
			return err
		}
	}
	key, err := s.secrets.SigningKey("signing-key.pem")
	if err != nil {
		return err
	}
	exportKey, err := s.secrets.SigningKey("export-key.pem")
	if err != nil {
		return err
	}
	mcp, err := s.secrets.Password("mcp-client")
	if err != nil {
		return err
	}
	factors, err := s.secrets.Password("factors")
	if err != nil {
		return err
	}
	providers, err := s.providers()
	if err != nil {
		return err
	}
	host, password, err := redisParts(cache)
	if err != nil {
		return err
	}
	s.values = function.Values{
		ConfigMaps: map[string]map[string]string{configMap: config},
		Secrets: map[string]map[string]string{
			secretDatabase: database,
			secretRedis:    {"url": cache, "host": host, "password": password},
			secretKafka:    {"brokers": s.brokers, "authType": "none", "saslUsername": "", "saslPassword": ""},
			secretSigning:  {"private-key": key},
			secretExport:   {"private-key": exportKey},
			secretMCP:      {"secret": mcp},
			secretSMTP:     {"url": s.mailpit().SMTP()},
			secretFactors:  {"keys": factors},
			secretOIDC:     {"providers": providers},
		},
	}
	return s.resolveTokens()
}

// resolveTokens adds the secrets that sidecar annotations name, each with the key "token": one app token for all, and
// an API token for each sidecar, since in a cluster only its pod reaches a sidecar's API, and here all share an
// address.
func (s *Stack) resolveTokens() error {
	s.apiTokens = map[string]string{}
	for _, i := range s.instances() {
		car, ok := s.sidecar(i)
		if !ok {
			continue
		}
		var err error
		if car.APITokenSecret != "" {
			// Copies of a function share the function's token.
			if s.apiTokens[i.Name], err = s.secrets.Password("api-token-" + i.Name); err != nil {
				return err
			}
		}
		name := car.AppTokenSecret
		if name == "" || s.values.Secrets[name] != nil {
			continue
		}
		token, err := s.secrets.Password("token-" + name)
		if err != nil {
			return err
		}
		s.values.Secrets[name] = map[string]string{"token": token}
	}
	return nil
}

// valuesFor returns what the references of one function point to.
func (s *Stack) valuesFor(i instance) function.Values {
	values := s.values
	if token := s.apiTokens[i.Name]; token != "" {
		car, _ := s.sidecar(i)
		values.Secrets = maps.Clone(values.Secrets)
		values.Secrets[car.APITokenSecret] = map[string]string{"token": token}
	}
	return values
}

// writeDaprSecrets gives the sidecars the two secrets that components refer to, and no others.
func (s *Stack) writeDaprSecrets() error {
	content, err := json.MarshalIndent(map[string]map[string]string{
		secretKafka: s.values.Secrets[secretKafka],
		secretRedis: s.values.Secrets[secretRedis],
	}, "", "  ")
	if err != nil {
		return err
	}
	return (secret.Store{Dir: s.profile.Dapr()}).Write("secrets.json", string(content))
}

// writeValues stores what `values` prints.
func (s *Stack) writeValues() error {
	v := Values{
		Profile: s.profile.Name, Root: s.profile.Root, StateDir: s.profile.Dir(), LogsDir: s.profile.Logs(),
		GatewayURL: fmt.Sprintf("http://localhost:%d", s.profile.Gateway),
		Database:   map[string]string{}, RedisURL: s.redisURL, KafkaBrokers: s.brokers,
		Config: s.values.ConfigMaps[configMap], Functions: map[string]FunctionAddress{},
		Secrets: map[string]string{}, Daprd: s.daprd, Bin: s.profile.Bin(), ClockFile: s.clockFile(),
		Observe: s.observeURLs(),
		MailURL: s.mailURL(), ProviderURL: s.providerURL(),
	}
	for role := range s.values.Secrets[secretDatabase] {
		address, err := s.directly(role)
		if err != nil {
			return err
		}
		v.Database[role] = address
	}
	if s.superuserURL != "" {
		v.Database["superuser"] = s.superuserURL
	}
	for _, i := range s.instances() {
		address := FunctionAddress{URL: s.url(i), Port: s.port(i), FailpointDir: s.failpoints(i.Function)}
		if car, ok := s.sidecar(i); ok {
			address.Dapr = &car
			address.AppToken, address.APIToken = car.Tokens(s.valuesFor(i))
		}
		v.Functions[i.name()] = address
	}
	files, err := os.ReadDir(s.profile.Secrets())
	if err != nil {
		return err
	}
	for _, file := range files {
		if file.Name() != valuesFile {
			v.Secrets[file.Name()] = filepath.Join(s.profile.Secrets(), file.Name())
		}
	}
	content, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return s.secrets.Write(valuesFile, string(content))
}

// directly returns a role's URL of the database for clients outside the stack.
func (s *Stack) directly(role string) (string, error) {
	if role == "owner" {
		return s.ownerURL, nil
	}
	password, err := s.secrets.Password("database-" + role)
	if err != nil {
		return "", err
	}
	return asRole(s.ownerURL, "taskwire_"+role, password)
}

// fromFunctions is the owner's URL as functions use it: through the Unix socket of the stack's server, unless a proxy is to stand in
// between.
func (s *Stack) fromFunctions(owner string) (string, error) {
	if s.options.Proxied || s.databaseSocket == "" {
		return s.linked(owner)
	}
	u, err := url.Parse(owner)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("host", s.databaseSocket)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// asRole is the owner's URL with another login.
func asRole(owner, role, password string) (string, error) {
	u, err := url.Parse(owner)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("DATABASE_URL: want postgres://user:password@host/database")
	}
	u.User = url.UserPassword(role, password)
	return u.String(), nil
}

func redisParts(address string) (host, password string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return "", "", fmt.Errorf("REDIS_URL: want redis://:password@host:port")
	}
	host = u.Host
	if u.Port() == "" {
		host += ":6379"
	}
	password, _ = u.User.Password()
	return host, password, nil
}
