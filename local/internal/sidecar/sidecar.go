// Package sidecar runs Dapr beside functions: it reads the annotations that Dapr's injector reads in a cluster and
// gives daprd the same flags, and the function the same variables.
package sidecar

import (
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/function"
)

// Annotations are Dapr's annotations that matter on a laptop.
const (
	annotationEnabled     = "dapr.io/enabled"
	annotationAppID       = "dapr.io/app-id"
	annotationAppPort     = "dapr.io/app-port"
	annotationProtocol    = "dapr.io/app-protocol"
	annotationHealthCheck = "dapr.io/enable-app-health-check"
	annotationHealthPath  = "dapr.io/app-health-check-path"
	annotationInterval    = "dapr.io/app-health-probe-interval"
	annotationTimeout     = "dapr.io/app-health-probe-timeout"
	annotationThreshold   = "dapr.io/app-health-threshold"
	annotationConcurrency = "dapr.io/app-max-concurrency"
	annotationAppToken    = "dapr.io/app-token-secret"
	annotationAPIToken    = "dapr.io/api-token-secret"
	annotationLogLevel    = "dapr.io/log-level"
)

// Sidecar is the daprd of one function.
type Sidecar struct {
	AppID string `json:"app_id"`
	// Ports of Dapr's HTTP and gRPC APIs, of the sidecars' internal gRPC, and of metrics.
	HTTPPort     int `json:"http_port"`
	GRPCPort     int `json:"grpc_port"`
	InternalPort int `json:"internal_port"`
	MetricsPort  int `json:"metrics_port"`
	// AppTokenSecret and APITokenSecret name the secrets with the tokens, or are empty.
	AppTokenSecret string `json:"app_token_secret"`
	APITokenSecret string `json:"api_token_secret"`

	annotations map[string]string
	calledAt    int
	invoked     bool
}

// For returns the function's sidecar, or false when it has none. firstPort is the first of its ports; functionPort is
// the function's port; invoked says whether other sidecars may call it by its app id.
func For(f function.Function, firstPort, functionPort int, invoked bool) (Sidecar, bool) {
	if f.Annotations[annotationEnabled] != "true" {
		return Sidecar{}, false
	}
	s := Sidecar{
		AppID:          f.Annotations[annotationAppID],
		HTTPPort:       firstPort,
		GRPCPort:       firstPort + 1,
		InternalPort:   firstPort + 2,
		MetricsPort:    firstPort + 3,
		AppTokenSecret: f.Annotations[annotationAppToken],
		APITokenSecret: f.Annotations[annotationAPIToken],
		annotations:    f.Annotations,
		invoked:        invoked,
	}
	if s.AppID == "" {
		s.AppID = f.Name
	}
	// "0" is Dapr's value for a function that only calls out.
	if port := f.Annotations[annotationAppPort]; port != "" && port != "0" {
		s.calledAt = functionPort
	}
	return s, true
}

// Ports are the ports that must be free.
func (s Sidecar) Ports() []int {
	return []int{s.HTTPPort, s.GRPCPort, s.InternalPort, s.MetricsPort}
}

// Tokens looks up the values of the sidecar's two tokens; a token without a secret is empty.
func (s Sidecar) Tokens(values function.Values) (app, api string) {
	return values.Secrets[s.AppTokenSecret]["token"], values.Secrets[s.APITokenSecret]["token"]
}

// FunctionEnv is what Dapr's injector adds to the function's environment.
func (s Sidecar) FunctionEnv(values function.Values) []string {
	env := []string{
		"DAPR_HTTP_PORT=" + strconv.Itoa(s.HTTPPort),
		"DAPR_GRPC_PORT=" + strconv.Itoa(s.GRPCPort),
	}
	return append(env, s.tokenEnv(values)...)
}

// tokenEnv passes the tokens in the environment, since others can read a command line.
func (s Sidecar) tokenEnv(values function.Values) []string {
	var env []string
	app, api := s.Tokens(values)
	if app != "" {
		env = append(env, "APP_API_TOKEN="+app)
	}
	if api != "" {
		env = append(env, "DAPR_API_TOKEN="+api)
	}
	return env
}

// Place is where the sidecar runs.
type Place struct {
	Daprd string
	// Root is the repository, Dir the folder of secrets.json and of the name resolver's database.
	Root, Dir, Log string
	Revision       string
	// Collector is the host and port that take the sidecar's spans, by OTLP over HTTP; it sends none when empty.
	Collector string
}

// Part is the sidecar's process.
func (s Sidecar) Part(name string, at Place, values function.Values) supervise.Part {
	env := []string{
		// 60 MB of daprd's memory are its code, and 8 MB are live: a lazy collector with a limit for the rest takes
		// half the CPU time of an eager one and stays below 128 MB.
		"GOGC=300",
		"GOMEMLIMIT=56MiB",
		proc.GoThreads(),
		// The address that other sidecars get.
		"DAPR_HOST_IP=127.0.0.1",
	}
	env = append(env, s.tokenEnv(values)...)
	args := s.flags(at.Root)
	if at.Collector != "" {
		args = append(args, "--config", filepath.Join(at.Root, "dapr/overlays/local/observe.yaml"))
		// Dapr puts the variable into the file.
		env = append(env, "COLLECTOR="+at.Collector)
	}
	return supervise.Part{
		Name:     name,
		Stage:    2,
		Path:     at.Daprd,
		Args:     args,
		Dir:      at.Dir,
		Env:      env,
		Log:      at.Log,
		Port:     s.HTTPPort,
		Probe:    fmt.Sprintf("http://127.0.0.1:%d/v1.0/healthz", s.HTTPPort),
		Grace:    10 * time.Second,
		Revision: at.Revision,
	}
}

func (s Sidecar) flags(root string) []string {
	flags := []string{
		"--mode", "standalone",
		"--app-id", s.AppID,
		"--dapr-listen-addresses", "127.0.0.1",
		"--dapr-http-port", strconv.Itoa(s.HTTPPort),
		"--dapr-grpc-port", strconv.Itoa(s.GRPCPort),
		"--dapr-internal-grpc-listen-address", "127.0.0.1",
		"--dapr-internal-grpc-port", strconv.Itoa(s.InternalPort),
		"--metrics-listen-address", "127.0.0.1",
		"--metrics-port", strconv.Itoa(s.MetricsPort),
		"--config", filepath.Join(root, "dapr/base/config.yaml"),
		"--config", filepath.Join(root, "dapr/overlays/local/config.yaml"),
		"--resources-path", filepath.Join(root, "dapr/base"),
		"--resources-path", filepath.Join(root, "dapr/overlays/local"),
		// Functions are not asked for their subscriptions: dapr/ has them.
		"--disable-init-endpoints", "config,subscribe",
		"--dapr-graceful-shutdown-seconds", "3",
	}
	if !s.invoked {
		flags = append(flags, "--config", filepath.Join(root, "dapr/overlays/local/access.yaml"))
	}
	if s.calledAt != 0 {
		flags = append(flags,
			"--app-port", strconv.Itoa(s.calledAt),
			"--app-channel-address", "127.0.0.1")
	}
	if s.annotations[annotationHealthCheck] == "true" {
		flags = append(flags, "--enable-app-health-check")
	}
	for annotation, flag := range map[string]string{
		annotationProtocol:    "--app-protocol",
		annotationHealthPath:  "--app-health-check-path",
		annotationInterval:    "--app-health-probe-interval",
		annotationTimeout:     "--app-health-probe-timeout",
		annotationThreshold:   "--app-health-threshold",
		annotationConcurrency: "--app-max-concurrency",
		annotationLogLevel:    "--log-level",
	} {
		if value := s.annotations[annotation]; value != "" {
			flags = append(flags, flag, value)
		}
	}
	return flags
}
