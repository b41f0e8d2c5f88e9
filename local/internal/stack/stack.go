package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/local/internal/build"
	"taskwire.dev/local/internal/install"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/secret"
)

// Stack is one profile that is being started.
type Stack struct {
	profile profile.Profile
	options Options
	report  *progress.Reporter
	secrets secret.Store

	functions []function.Function
	slots     map[string]int
	extra     map[string][]string
	values    function.Values
	apiTokens map[string]string // of sidecars, by their functions

	ownerURL, superuserURL, redisURL, brokers string
	databaseSocket                            string // a folder; empty if there is none

	daprd, broker, migrate, taskwire string
	kafkaJars                        string
	victoriaMetrics, vmalert, jaeger string
	mailpitBinary, providerBinary    string

	client *supervise.Client
	names  []string // every part that belongs to the stack
}

// Up starts the profile: parts that already run and are unchanged are left alone.
func Up(ctx context.Context, p profile.Profile, options Options, report *progress.Reporter) (Values, error) {
	if err := options.check(); err != nil {
		return Values{}, err
	}
	if err := p.Prepare(); err != nil {
		return Values{}, err
	}
	unlock, err := p.Lock()
	if err != nil {
		return Values{}, err
	}
	defer unlock()
	s := &Stack{profile: p, options: options, report: report, secrets: secret.Store{Dir: p.Secrets()}}
	for _, phase := range []func(context.Context) error{
		s.discover, s.install, s.build, s.launch, s.infrastructure, s.applications,
	} {
		if err := phase(ctx); err != nil {
			return Values{}, err
		}
	}
	return ReadValues(p)
}

// discover reads what to run.
func (s *Stack) discover(ctx context.Context) error {
	if !s.options.InfraOnly {
		functions, err := function.Discover(s.profile.Root)
		if err != nil {
			return err
		}
		s.functions = functions
	}
	var err error
	if s.slots, err = s.profile.Slots(names(s.functions)); err != nil {
		return err
	}
	if s.extra, err = s.options.extra(s.functions); err != nil {
		return err
	}
	// Better now than after minutes of building. launch checks the running parts again.
	if _, alive := supervise.Running(s.profile.Run()); alive || len(supervise.Orphans(s.profile.Run())) > 0 {
		return nil
	}
	return s.checkPorts(ctx, nil)
}

// install installs missing Debian packages.
func (s *Stack) install(ctx context.Context) error {
	var needs []install.Need
	if s.options.DatabaseURL == "" {
		needs = append(needs, install.Postgres())
	}
	if s.options.RedisURL == "" {
		needs = append(needs, install.Redis())
	}
	if s.options.Apache && s.options.KafkaBrokers == "" {
		needs = append(needs, install.Java(), install.Maven())
	}
	missing := install.Missing(needs...)
	if len(missing) == 0 {
		return nil
	}
	return s.report.Do("Install "+strings.Join(missing, ", "), func() error {
		return install.Packages(ctx, missing)
	})
}

// build builds every binary, in an order that keeps both compilers busy.
func (s *Stack) build(ctx context.Context) error {
	unlock, err := s.profile.LockBuild()
	if err != nil {
		return err
	}
	defer unlock()
	b := build.New(s.profile.Root, s.profile.Bin(), s.options.Tags, s.report)
	b.Built = s.options.Built
	return s.compile(ctx, b)
}

// launch finds the profile's supervisor, or starts one if the ports are free.
func (s *Stack) launch(ctx context.Context) error {
	dir := s.profile.Run()
	client := supervise.Connect(dir)
	report, err := client.Report(ctx)
	switch {
	case err == nil:
		own, err := supervise.OwnRevision()
		if err != nil {
			return err
		}
		switch {
		case report.Stopping: // `make down` was interrupted
			err = s.report.Do("Wait until everything has stopped", func() error { return client.AwaitEnd(ctx) })
		case own != report.Revision:
			err = s.report.Do("Stop everything: the runner itself has changed", func() error { return client.Shutdown(ctx) })
		default:
			s.client = client
			return s.takeOver(ctx, report.Parts)
		}
		if err != nil {
			return err
		}
	case errors.Is(err, supervise.ErrDown):
	default:
		if id, alive := supervise.Running(dir); alive {
			return fmt.Errorf("the supervisor (process %d) does not answer: %w", id.PID, err)
		}
	}
	if orphans := supervise.Orphans(dir); len(orphans) > 0 {
		err := s.report.Do("End what a killed supervisor left: "+strings.Join(orphans, ", "), func() error {
			supervise.EndOrphans(dir)
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := s.checkPorts(ctx, nil); err != nil {
		return err
	}
	if err := s.freshLogs(); err != nil {
		return err
	}
	s.client, err = supervise.Launch(ctx, dir, s.log("supervisor"),
		"supervise", "--profile", s.profile.Name, "--dir", dir)
	return err
}

// takeOver frees the ports of parts that this run does not have, such as those of a removed function that another one has got, and
// fails if other ports are taken. What else is no longer needed goes on until its users have been replaced.
func (s *Stack) takeOver(ctx context.Context, running []supervise.Status) error {
	keep, inTheWay := s.split(running)
	if len(inTheWay) > 0 {
		err := s.report.Do("Stop "+strings.Join(inTheWay, ", "), func() error { return s.client.Prune(ctx, keep) })
		if err != nil {
			return err
		}
	}
	return s.checkPorts(ctx, running)
}

// freshLogs empties the logs of an earlier run, keeping one of each.
func (s *Stack) freshLogs() error {
	logs, err := filepath.Glob(filepath.Join(s.profile.Logs(), "*.log"))
	if err != nil {
		return err
	}
	for _, path := range logs {
		if err := os.Rename(path, path+".1"); err != nil {
			return err
		}
	}
	return nil
}

func (s *Stack) log(name string) string { return filepath.Join(s.profile.Logs(), name+".log") }

// healthyWithin is how long parts that start together may take, on a machine that is busy with other work. A part that keeps
// exiting is given up earlier.
const healthyWithin = 3 * time.Minute

// ensure hands parts to the supervisor and waits until each is healthy.
func (s *Stack) ensure(ctx context.Context, title string, parts ...supervise.Part) error {
	if len(parts) == 0 {
		return nil
	}
	for _, part := range parts {
		s.names = append(s.names, part.Name)
	}
	return s.report.Do(title, func() error {
		if err := s.client.Ensure(ctx, parts); err != nil {
			return err
		}
		return Wait(ctx, s.client, s.names[len(s.names)-len(parts):], healthyWithin)
	})
}
