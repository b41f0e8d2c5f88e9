package stack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/sidecar"
)

// Values are the addresses and credentials of a running stack, for tests and developers. They are stored among the
// profile's secrets.
type Values struct {
	Profile  string `json:"profile"`
	Root     string `json:"root"`
	StateDir string `json:"state_dir"`
	LogsDir  string `json:"logs_dir"`
	// GatewayURL is the gateway's address.
	GatewayURL string `json:"gateway_url"`
	// Database has a URL for each role: owner, app, worker, auth, outbox, stream; and superuser where PostgreSQL
	// is the profile's own.
	Database     map[string]string `json:"database"`
	RedisURL     string            `json:"redis_url"`
	KafkaBrokers string            `json:"kafka_brokers"`
	// Config is the config map taskwire-config.
	Config    map[string]string          `json:"config"`
	Functions map[string]FunctionAddress `json:"functions"`
	Secrets   map[string]string          `json:"secret_files"`
	Daprd     string                     `json:"daprd"`
	Bin       string                     `json:"bin"`
	// ClockFile moves the functions' clock, in builds with the tag failpoint.
	ClockFile string `json:"clock_file,omitempty"`
	// MailURL is the API of the Mailpit that catches mail.
	MailURL string `json:"mail_url,omitempty"`
	// ProviderURL is the address of the OpenID provider, in a stack that was started with --oidc.
	ProviderURL string `json:"provider_url,omitempty"`
	// Observe is set in a stack with stores of metrics and traces.
	Observe *ObserveURLs `json:"observe,omitempty"`
}

// ObserveURLs are the addresses of the stores of metrics and traces.
type ObserveURLs struct {
	// MetricsURL is VictoriaMetrics: Prometheus's API, and pages at /vmui.
	MetricsURL string `json:"metrics_url"`
	// MetricsEndpoint and TracesEndpoint take OTLP over HTTP.
	MetricsEndpoint string `json:"metrics_endpoint"`
	TracesEndpoint  string `json:"traces_endpoint"`
	// TracesURL is Jaeger's query API.
	TracesURL string `json:"traces_url"`
}

// FunctionAddress has the addresses of a function and its sidecar.
type FunctionAddress struct {
	URL  string           `json:"url"`
	Port int              `json:"port"`
	Dapr *sidecar.Sidecar `json:"dapr,omitempty"`
	// AppToken and APIToken are the sidecar's tokens, for tests that act as one side.
	AppToken string `json:"app_token,omitempty"`
	APIToken string `json:"api_token,omitempty"`
	// FailpointDir is set in builds with the tag failpoint.
	FailpointDir string `json:"failpoint_dir,omitempty"`
}

const valuesFile = "values.json"

// ReadValues reads what the last `up` of the profile wrote.
func ReadValues(p profile.Profile) (Values, error) {
	var v Values
	content, err := os.ReadFile(filepath.Join(p.Secrets(), valuesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return v, fmt.Errorf("profile %s has not been started yet", p.Name)
	}
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(content, &v)
}

// Promote makes an account an administrator, as an operator does.
func (v Values) Promote(ctx context.Context, email string) error {
	command := exec.CommandContext(ctx, filepath.Join(v.Bin, "migrate"), "user", "role", email, "admin")
	command.Env = []string{"PATH=/usr/bin:/bin", "DATABASE_URL=" + v.Database["owner"]}
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("migrate user role: %w\n%s", err, output)
	}
	return nil
}
