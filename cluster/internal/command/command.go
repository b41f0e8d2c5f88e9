// Package command is the command line.
package command

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"taskwire.dev/cluster/internal/cluster"
	"taskwire.dev/cluster/internal/suite"
	"taskwire.dev/tools/frontend"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/repository"
)

// Execute runs the command line and returns the exit code.
func Execute() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	c := &cobra.Command{
		Use:          "taskwire-cluster",
		Short:        "Brings Taskwire into a Kubernetes cluster and tests it there",
		SilenceUsage: true,
	}
	c.CompletionOptions.HiddenDefaultCmd = true
	c.AddCommand(kindUpCommand(), kindDownCommand(), deployCommand(), clusterTestCommand(), releaseCommand(), rollbackCommand())
	if err := c.ExecuteContext(ctx); err != nil {
		return 1
	}
	return 0
}

func newReport() *progress.Reporter { return progress.New(os.Stdout) }

func kindUpCommand() *cobra.Command {
	return kindCommand("kind-up", "Create a cluster on this machine, with Knative, Kourier, KafkaSource and Dapr", cluster.KindUp)
}

func kindDownCommand() *cobra.Command {
	return kindCommand("kind-down", "Delete that cluster and everything in it", cluster.KindDown)
}

func kindCommand(use, short string, run func(context.Context, string, *progress.Reporter) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			root, err := repository.Root()
			if err != nil {
				return err
			}
			report := newReport()
			defer report.Close()
			return run(c.Context(), root, report)
		},
	}
}

func deployCommand() *cobra.Command {
	var environment string
	var yes bool
	c := &cobra.Command{
		Use:   "deploy [FUNCTION...]",
		Short: "Deploy Taskwire, or what has changed, to a cluster",
		Long: `Deploy Taskwire, or what has changed, to a cluster: that of kind-up, or with --env production the one
that kubectl points to, after showing what would change.

CLUSTER_REGISTRY in the environment is where images go to, PUBLIC_URL where browsers find Taskwire, if not where the
overlay says. --env test-cluster is for a cluster that has no servers itself: DATABASE_URL (the owner's), REDIS_URL and
KAFKA_BROKERS name them. CLUSTER_RUN is a command that runs another inside the cluster's network, where that is needed.`,
		RunE: func(c *cobra.Command, args []string) error {
			root, err := repository.Root()
			if err != nil {
				return err
			}
			options, err := cluster.ReadOptions(c.Context(), root, environment)
			if err != nil {
				return err
			}
			if len(args) == 0 || slices.Contains(args, "dashboard") {
				if err := buildDashboard(c.Context(), root); err != nil {
					return err
				}
			}
			options.Yes, options.Only = yes, args
			return inside(func(report *progress.Reporter) error {
				if err := cluster.Deploy(c.Context(), options, report); err != nil {
					return err
				}
				report.Say("\nTaskwire is deployed.")
				return nil
			})
		},
	}
	c.Flags().StringVar(&environment, "env", cluster.Kind, "overlay: kind, production or test-cluster")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return c
}

func clusterTestCommand() *cobra.Command {
	var options suite.Options
	var environment string
	c := &cobra.Command{
		Use:   "cluster-test",
		Short: "Deploy Taskwire to a cluster and test it there, and write the results to docs/cluster-test.md",
		Long: `Deploy Taskwire to a cluster, run the laptop's black-box tests against it and then those of what only a cluster does.
The results go to docs/cluster-test.md. The environment variables are those of deploy.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if environment == cluster.Kind {
				if err := cluster.CheckEngine(c.Context()); err != nil {
					return err
				}
			}
			root, err := repository.Root()
			if err != nil {
				return err
			}
			if options.Deploy, err = cluster.ReadOptions(c.Context(), root, environment); err != nil {
				return err
			}
			if !options.AsItIs {
				if err := buildDashboard(c.Context(), root); err != nil {
					return err
				}
			}
			return inside(func(report *progress.Reporter) error { return suite.Run(c.Context(), options, report) })
		},
	}
	flags := c.Flags()
	flags.StringVar(&environment, "env", cluster.Kind, "overlay: kind or test-cluster")
	flags.StringVar(&options.Run, "run", "", "only the tests that match, as with go test; nothing is written to docs/")
	flags.BoolVar(&options.OnlyCluster, "only-cluster", false, "with --run: not the tests of e2e")
	flags.BoolVar(&options.AsItIs, "as-it-is", false, "test what is deployed, and deploy nothing")
	return c
}

// buildDashboard builds the content of the dashboard's image, before the command enters a network where no package can
// be downloaded.
func buildDashboard(ctx context.Context, root string) error {
	if os.Getenv(entered) != "" {
		return nil
	}
	report := newReport()
	defer report.Close()
	step := func(_ context.Context, name string, work func() error) error { return report.Do(name, work) }
	return frontend.Builder{Root: root, Step: step}.Build(ctx)
}

// entered is set in the environment of a command that runs inside.
const entered = "TASKWIRE_INSIDE"

// inside does work in the network of the cluster: if CLUSTER_RUN is set and this is not that run yet, all of this command runs again
// through it.
func inside(work func(*progress.Reporter) error) error {
	prefix := strings.Fields(os.Getenv("CLUSTER_RUN"))
	if len(prefix) == 0 || os.Getenv(entered) != "" {
		report := newReport()
		defer report.Close()
		return work(report)
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	again := exec.Command(prefix[0], append(append(prefix[1:], self), os.Args[1:]...)...)
	again.Env = append(os.Environ(), entered+"=1")
	again.Stdin, again.Stdout, again.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = again.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		os.Exit(exit.ExitCode()) // it has printed the error
	}
	return err
}
