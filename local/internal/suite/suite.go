// Package suite is `make test`: every module's tests against real servers, then the end-to-end suite against a whole
// stack. It uses the profile "test", separate from a developer's running stack.
package suite

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/local/internal/install"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/migrations/pgtest/throwaway"
	"taskwire.dev/tools/links"
	"taskwire.dev/tools/observability"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/registry"
	"taskwire.dev/tools/testrun"
)

// Options of one run.
type Options struct {
	// Apache tests on Apache Kafka.
	Apache bool
	// Run limits the end-to-end tests, as `go test -run` does; all other tests are left out then.
	Run string
	// KeepUp leaves the stack running for inspection.
	KeepUp bool
}

type suite struct {
	options Options
	profile profile.Profile
	testrun.Run
}

// Run runs the tests and always stops its stack. All tests are run, so that one failure does not hide another; the
// error says that there was one.
func Run(ctx context.Context, p profile.Profile, options Options, report *progress.Reporter) (err error) {
	s := &suite{options: options, profile: p, Run: testrun.Run{Report: report}}
	if err := stack.Reset(ctx, p, report); err != nil {
		return err
	}
	defer func() {
		if options.KeepUp {
			return
		}
		// Also after Ctrl-C: the context of the tests is canceled then.
		err = errors.Join(err, stack.Down(context.WithoutCancel(ctx), p, report))
	}()
	whole := options.Run == ""
	if whole {
		packages := s.fetchPackages(ctx)
		s.modules(ctx)
		packages()
	}
	// All parts, in builds with failpoints.
	values, err := stack.Up(ctx, p, stack.Options{Apache: options.Apache, Observe: true, Provider: true, Tags: []string{"failpoint"}}, report)
	if err != nil {
		s.Note("start the whole stack", 0, err)
		return s.Conclude()
	}
	if whole {
		dashboard, sources := s.beside(ctx, s.dashboardChecks(ctx)), s.beside(ctx, s.goChecks(ctx))
		chaos := s.endToEnd(ctx, values)
		dashboard()
		sources()
		checks := s.beside(ctx, []check{s.packageCheck(values, "metrics and alerts", alerts)})
		s.dashboard(ctx, values)
		checks()
		chaos()
	} else {
		s.someEndToEnd(ctx, values)
	}
	return s.Conclude()
}

// modules tests every module of the workspace except the end-to-end one, against real servers.
func (s *suite) modules(ctx context.Context) {
	values, err := stack.Up(ctx, s.profile, stack.Options{Apache: s.options.Apache, Observe: true, InfraOnly: true}, s.Report)
	if err != nil {
		s.Note("servers for the tests", 0, err)
		return
	}
	dirs, err := s.workspace(ctx)
	if err != nil {
		s.Note("list the modules", 0, err)
		return
	}
	// Not left to tests of these packages: the go tool's cache does not notice files outside of their module.
	started := time.Now()
	err = registry.Check(s.profile.Root)
	s.Note("generated files", time.Since(started), err)
	started = time.Now()
	broken, err := links.Check(s.profile.Root)
	if len(broken) > 0 {
		err = fmt.Errorf("links that lead nowhere:\n%s", strings.Join(broken, "\n"))
	}
	s.Note("links in documents", time.Since(started), err)
	started = time.Now()
	missing, err := links.CheckTests(s.profile.Root)
	if len(missing) > 0 {
		err = fmt.Errorf("docs/security.md names tests that do not exist:\n%s", strings.Join(missing, "\n"))
	}
	s.Note("tests named in docs/security.md", time.Since(started), err)
	started = time.Now()
	missing, err = links.CheckNames(s.profile.Root)
	if len(missing) > 0 {
		err = fmt.Errorf("documents name tests that do not exist:\n%s", strings.Join(missing, "\n"))
	}
	s.Note("tests named in documents", time.Since(started), err)
	started = time.Now()
	err = s.alerts(ctx)
	s.Note("alerts and boards", time.Since(started), err)
	database, err := throwaway.Start("")
	if err != nil {
		s.Note("PostgreSQL for the tests", 0, err)
		return
	}
	defer func() { _ = database.Stop() }() // what its log said goes with it
	tested := []string{"test", vetted, "-timeout=40m"}
	for _, dir := range dirs {
		if filepath.Base(dir) != end2end {
			tested = append(tested, dir+"/...")
		}
	}
	s.run(ctx, "unit, property and integration tests", []string{
		"TEST_DATABASE_URL=" + database.URL.String(),
		"TEST_REDIS_URL=" + values.RedisURL,
		"TEST_KAFKA_BROKERS=" + values.KafkaBrokers,
		"TEST_DAPRD=" + values.Daprd,
	}, tested...)
	s.pooled(ctx, database.URL, dirs)
}

// pooled tests what functions ask of the database once more, behind PgBouncer in transaction mode, and there with fewer random inputs.
func (s *suite) pooled(ctx context.Context, database *url.URL, modules []string) {
	if missing := install.Missing(install.PgBouncer()); len(missing) > 0 {
		err := s.Report.Do("Install "+strings.Join(missing, ", "), func() error { return install.Packages(ctx, missing) })
		if err != nil {
			s.Note("install a pooler", 0, err)
			return
		}
	}
	args := []string{"test", vetted, "-short", "-timeout=40m"}
	for _, module := range modules {
		for _, folder := range []string{filepath.Join(module, "internal", "store"), module} {
			if filepath.Base(folder) != "store" && filepath.Base(folder) != "integration" {
				continue
			}
			if _, err := os.Stat(folder); err == nil {
				args = append(args, folder)
			}
		}
	}
	s.run(ctx, "the same behind a pooler", []string{"TEST_POOLER=1", "TEST_DATABASE_URL=" + database.String()}, args...)
}

// alerts checks the alert rules and boards, and tests the rules.
func (s *suite) alerts(ctx context.Context) error {
	if err := observability.Check(s.profile.Root); err != nil {
		return err
	}
	return observability.TestRules(ctx, s.profile.Root)
}

// vetted leaves out go vet, which golangci-lint runs on all modules of the workspace.
const vetted = "-vet=off"

// workspace lists the modules of go.work.
func (s *suite) workspace(ctx context.Context) ([]string, error) {
	command := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "-m")
	command.Dir = s.profile.Root
	output, err := command.Output()
	var dirs []string
	for dir := range strings.Lines(string(output)) {
		dirs = append(dirs, strings.TrimSuffix(dir, "\n"))
	}
	return dirs, err
}

// run runs the go tool and shows its output.
func (s *suite) run(ctx context.Context, name string, env []string, args ...string) {
	s.Report.Say("\n── %s", name)
	s.runAndNote(name, interruptible(ctx, s.profile.Root, env, "go", args...))
}

// runAndNote runs tests, shows what they print and notes how they went.
func (s *suite) runAndNote(name string, command *exec.Cmd) {
	out := testrun.NewQuiet(os.Stdout)
	command.Stdout, command.Stderr = out, out
	started := time.Now()
	err := command.Run()
	out.Flush()
	s.Note(name, time.Since(started), err, out.Failed()...)
}
