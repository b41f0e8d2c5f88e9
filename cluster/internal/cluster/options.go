package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"taskwire.dev/cluster/internal/commit"
)

// Environments: each is an overlay in eventing/ and in dapr/.
const (
	Kind        = "kind"
	Production  = "production"
	TestCluster = "test-cluster"
)

// Options of a deployment. Most are read from the environment variables listed here.
type Options struct {
	// Root is the repository.
	Root string
	// Environment is the overlay.
	Environment string
	// Registry is the registry for the images: CLUSTER_REGISTRY.
	Registry string
	// PublicURL is Taskwire's address for browsers: PUBLIC_URL. An empty one means that of the overlay.
	PublicURL string
	// DatabaseURL (the owner's), RedisURL and KafkaBrokers are servers that no overlay starts: DATABASE_URL, REDIS_URL,
	// KAFKA_BROKERS.
	DatabaseURL, RedisURL, KafkaBrokers string
	// Commit is what is deployed; without a hash outside of a git repository.
	Commit commit.Commit
	// Yes skips the confirmation.
	Yes bool
	// Only deploys these functions and leaves others alone; none means all.
	Only []string
}

// ReadOptions reads the environment, with defaults for kind, and the commit. Only a commit is deployed to production:
// what runs there must be found again.
func ReadOptions(ctx context.Context, root, environment string) (Options, error) {
	o := Options{
		Root: root, Environment: environment,
		Registry: os.Getenv("CLUSTER_REGISTRY"), PublicURL: PublicURL(environment),
		DatabaseURL: os.Getenv("DATABASE_URL"), RedisURL: os.Getenv("REDIS_URL"), KafkaBrokers: os.Getenv("KAFKA_BROKERS"),
	}
	if !slices.Contains([]string{Kind, Production, TestCluster}, environment) {
		return o, fmt.Errorf("ENV=%s: want %s, %s or %s", environment, Kind, Production, TestCluster)
	}
	var err error
	if o.Commit, err = commit.Read(ctx, root); err != nil && (environment == Production || !errors.Is(err, commit.ErrNone)) {
		return o, err
	}
	if environment == Production {
		if err := o.Commit.Clean("a production deployment"); err != nil {
			return o, err
		}
	}
	if o.Registry == "" {
		if environment != Kind {
			return o, errors.New("CLUSTER_REGISTRY is not set: the registry that images are pushed to, such as registry.example.com/you/taskwire")
		}
		o.Registry = kindRegistry + "/taskwire"
	}
	servers := o.DatabaseURL != "" || o.RedisURL != "" || o.KafkaBrokers != ""
	switch {
	case environment == Kind && servers:
		return o, errors.New("kind has its own servers: unset DATABASE_URL, REDIS_URL and KAFKA_BROKERS")
	case environment == Production && servers:
		return o, errors.New("in production addresses come from the settings and secrets that docs/operations.md names: unset DATABASE_URL, REDIS_URL and KAFKA_BROKERS")
	case environment == TestCluster && (o.DatabaseURL == "" || o.RedisURL == "" || o.KafkaBrokers == ""):
		return o, errors.New("the overlay test-cluster starts no servers: set DATABASE_URL (the owner's), REDIS_URL and KAFKA_BROKERS")
	}
	return o, nil
}

// PublicURL is PUBLIC_URL, or for the test cluster the gateway's address in it: there are no clients from outside.
func PublicURL(environment string) string {
	url := os.Getenv("PUBLIC_URL")
	if url == "" && environment == TestCluster {
		return "http://gateway." + Namespace + ".svc.cluster.local"
	}
	return url
}

// kubeconfig is the file of kind-up's cluster; any other is the one that KUBECONFIG names.
func (o Options) kubeconfig() string {
	if o.Environment == Kind {
		return kindKubeconfig(o.Root)
	}
	return ""
}

// state is where a deployment stores its files on this machine: copies of functions, binaries, the kubeconfig.
func state(root string) string { return filepath.Join(root, ".local", "cluster") }
