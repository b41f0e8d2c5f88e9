package command

import (
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/demo"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/repository"
	"taskwire.dev/tools/secret"
)

func upCommand(at *place) *cobra.Command {
	var options stack.Options
	var broker string
	var noDemo bool
	c := &cobra.Command{
		Use:   "up",
		Short: "Build and start everything; on a running stack, only what has changed",
		Long: `Build and start everything: PostgreSQL, Redis, a Kafka-API broker, every function in functions/ and a
Dapr sidecar for each that asks for one. On a running stack only what has changed is started again.

DATABASE_URL (the owner's), REDIS_URL and KAFKA_BROKERS in the environment use real servers instead.
BROKER=kafka, or --broker kafka, runs Apache Kafka instead of the embedded broker.

--observe also runs VictoriaMetrics, vmalert and Jaeger, and makes functions and sidecars send metrics and traces there.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			p, err := profileFor(at)
			if err != nil {
				return err
			}
			if !slices.Contains([]string{"", "embedded", "kafka"}, broker) {
				return fmt.Errorf("--broker %q: want embedded or kafka", broker)
			}
			options.Apache = broker == "kafka"
			options.DatabaseURL = os.Getenv("DATABASE_URL")
			options.RedisURL = os.Getenv("REDIS_URL")
			options.KafkaBrokers = os.Getenv("KAFKA_BROKERS")
			report := newReport()
			defer report.Close()
			values, err := stack.Up(c.Context(), p, options, report)
			if err != nil {
				return err
			}
			_, auth := values.Functions["auth"]
			_, gateway := values.Functions["gateway"]
			if !auth || !gateway || noDemo {
				report.Say("\nUp: %s", upAddress(options, values))
				sayObserve(report, values.Observe)
				return nil
			}
			return welcome(c, p, values, report)
		},
	}
	flags := c.Flags()
	flags.IntVar(&at.port, "port", 0, "port of the gateway (dev: 8080)")
	flags.IntVar(&at.base, "base", 0, "first of a thousand ports for everything else (dev: 18000)")
	flags.StringVar(&broker, "broker", os.Getenv("BROKER"), "embedded or kafka")
	flags.BoolVar(&options.Observe, "observe", false, "also run stores of metrics and traces, with alerts")
	flags.BoolVar(&options.Provider, "oidc", false, "also run an OpenID provider that anybody can sign in at, with any name and the password provider")
	flags.StringVar(&options.Sample, "sample", "", "share of the traces to record with --observe, from 0 to 1 (default 1)")
	flags.StringSliceVar(&options.Tags, "tags", nil, "extra build tags of the functions")
	flags.StringArrayVar(&options.Env, "env", nil, "FUNCTION:NAME=VALUE, one more variable for a function")
	flags.BoolVar(&options.Built, "built", false, "build nothing: start what was built before")
	flags.IntVar(&options.Copies, "copies", 1, "of every function, side by side; more than one needs --proxied")
	flags.BoolVar(&options.Proxied, "proxied", false, "connect the parts to each other through a test proxy: links lists where it must listen")
	flags.BoolVar(&options.InfraOnly, "infra-only", false, "PostgreSQL, Redis and the broker only")
	flags.BoolVar(&noDemo, "no-demo", false, "do not create a demo account")
	return c
}

func profileFor(at *place) (profile.Profile, error) {
	dir, err := repository.Root()
	if err != nil {
		return profile.Profile{}, err
	}
	return profile.New(dir, at.profile, at.base, at.port)
}

// welcome prints what a user needs to get started.
func welcome(c *cobra.Command, p profile.Profile, values stack.Values, report *progress.Reporter) error {
	var account demo.Account
	var changed error // by its user: the stack runs all the same
	err := report.Do("Prepare the demo account", func() (err error) {
		account, err = demo.Ensure(c.Context(), values.GatewayURL, secret.Store{Dir: p.Secrets()}, values.Promote)
		if errors.Is(err, demo.ErrSignIn) {
			changed, err = err, nil
		}
		return err
	})
	if err != nil {
		return err
	}
	report.Say("\nTaskwire is up.\n")
	report.Say("  Dashboard  %s", values.GatewayURL)
	if changed == nil {
		report.Say("  Demo       %s", account.Email)
		report.Say("  Password   %s", account.Password)
	}
	sayObserve(report, values.Observe)
	if changed == nil {
		report.Say("\nFor curl and scripts:\n\n  export TOKEN=%s\n", account.Token)
	} else {
		report.Say("\nThere is no demo account to use: %v.\n", changed)
	}
	report.Say("make status shows every part, make logs follows them, make down stops them.")
	return nil
}

// sayObserve prints where metrics, alerts and traces are.
func sayObserve(report *progress.Reporter, urls *stack.ObserveURLs) {
	if urls == nil {
		return
	}
	report.Say("\n  Metrics    %s/vmui", urls.MetricsURL)
	report.Say("  Boards     %s/vmui/#/dashboards", urls.MetricsURL)
	report.Say("  Alerts     %s/vmalert/groups", urls.MetricsURL)
	report.Say("  Traces     %s/api/traces?service=tasks&limit=20 (Jaeger's API; no pages)", urls.TracesURL)
}

func upAddress(options stack.Options, values stack.Values) string {
	if options.InfraOnly {
		return "servers only, no functions (taskwire-local values has their addresses)"
	}
	return values.GatewayURL
}
