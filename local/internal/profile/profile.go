// Package profile decides where a running stack keeps its state and which ports it uses, so that two of them (a
// developer's and the tests') do not collide.
package profile

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"taskwire.dev/tools/ports"
)

// Profiles of the runner's own commands.
const (
	Development = "dev"
	Test        = "test"
	TestChaos   = "test-chaos"
)

// Profile is one stack on this machine.
type Profile struct {
	Name string
	// Root is the repository.
	Root string
	// Base is the first of the [ports.Each] ports that the profile may use, except for Gateway.
	Base int
	// Gateway is the port of the gateway.
	Gateway int
}

var valid = regexp.MustCompile(`^[a-z][a-z0-9-]{0,20}$`)

// New completes a profile: base and gateway are 0 for the defaults.
func New(root, name string, base, gateway int) (Profile, error) {
	if !valid.MatchString(name) {
		return Profile{}, fmt.Errorf("profile %q: want a short lower-case name", name)
	}
	if base == 0 {
		if base = ports.Base(name); base == 0 {
			return Profile{}, fmt.Errorf("profile %q has no ports yet: give --base, a thousand free ports below 32768", name)
		}
		if name == Development && gateway == 0 {
			gateway = 8080
		}
	}
	if gateway == 0 {
		gateway = base + 80
	}
	return Profile{Name: name, Root: root, Base: base, Gateway: gateway}, nil
}

// PostgresPort is where PostgreSQL listens.
func (p Profile) PostgresPort() int { return p.Base + 10 }

// RedisPort is where Redis listens.
func (p Profile) RedisPort() int { return p.Base + 11 }

// BrokerPort is where the Kafka broker listens.
func (p Profile) BrokerPort() int { return p.Base + 12 }

// ControllerPort is where the controller of Apache Kafka listens.
func (p Profile) ControllerPort() int { return p.Base + 13 }

// TopicsPort is the port of the part that recreates topics.
func (p Profile) TopicsPort() int { return p.Base + 14 }

// MailPort is where Mailpit takes mail; its API is at the next port.
func (p Profile) MailPort() int { return p.Base + 15 }

// ProviderPort is where the OpenID provider listens.
func (p Profile) ProviderPort() int { return p.Base + 17 }

// MetricsPort is where VictoriaMetrics listens.
func (p Profile) MetricsPort() int { return p.Base + 20 }

// AlertsPort is where vmalert listens.
func (p Profile) AlertsPort() int { return p.Base + 21 }

// TracesPort is the first of the three ports of Jaeger.
func (p Profile) TracesPort() int { return p.Base + 22 }

// FunctionPort is the port of the function in the given slot.
func (p Profile) FunctionPort(slot int) int { return p.Base + 100 + slot }

// SidecarPort is the first of the five ports of the sidecar of the function in the given slot.
func (p Profile) SidecarPort(slot int) int { return p.Base + 200 + 5*slot }

// Dir is the folder of the profile's state.
func (p Profile) Dir() string { return filepath.Join(p.Root, ".local", p.Name) }

// Logs is the folder of all parts' logs.
func (p Profile) Logs() string { return filepath.Join(p.Dir(), "logs") }

// Run is the folder of sockets and records of running processes.
func (p Profile) Run() string { return filepath.Join(p.Dir(), "run") }

// Secrets is the folder of passwords and tokens, which only its owner can read.
func (p Profile) Secrets() string { return filepath.Join(p.Dir(), "secrets") }

// Dapr is the folder of the sidecars' components and configuration.
func (p Profile) Dapr() string { return filepath.Join(p.Dir(), "dapr") }

// Bin holds the profile's binaries, so that tests that build with other tags, or from half-edited code, do not affect a
// running stack.
func (p Profile) Bin() string { return filepath.Join(p.Root, ".local", "bin", p.Name) }

// Prepare creates the folders. Only the profile's own folder is open to others, since PostgreSQL may run as another
// user below it.
func (p Profile) Prepare() error {
	if err := os.MkdirAll(p.Dir(), 0o755); err != nil {
		return err
	}
	for _, dir := range []string{p.Logs(), p.Run(), p.Secrets(), p.Dapr()} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
	}
	return os.MkdirAll(p.Bin(), 0o755)
}
