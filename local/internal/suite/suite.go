// Package suite is `make test`: every module's tests against real servers, then the end-to-end suite against a whole
// stack. It uses the profile "test", separate from a developer's running stack.
package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskwire.dev/local/internal/install"
	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
	"taskwire.dev/tools/cache"
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

// end2end is the module that needs the whole stack.
const end2end = "e2e"

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
	values, err := stack.Up(ctx, p, stack.Options{Apache: options.Apache, Observe: true, Tags: []string{"failpoint"}}, report)
	if err != nil {
		s.Note("start the whole stack", 0, err)
		return s.Conclude()
	}
	if whole {
		checks := s.beside(ctx, s.sourceChecks(ctx))
		s.endToEnd(ctx, values)
		checks()
		checks = s.beside(ctx, []check{s.packageCheck(values, "metrics and alerts", alerts)})
		s.dashboard(ctx, values)
		checks()
	} else {
		s.endToEnd(ctx, values)
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
	err = s.alerts(ctx)
	s.Note("alerts and boards", time.Since(started), err)
	tested := []string{"test", "-timeout=40m"}
	for _, dir := range dirs {
		if filepath.Base(dir) != end2end {
			tested = append(tested, dir+"/...")
		}
	}
	s.run(ctx, "unit, property and integration tests", []string{
		"TEST_DATABASE_URL=" + values.Database["superuser"],
		"TEST_REDIS_URL=" + values.RedisURL,
		"TEST_KAFKA_BROKERS=" + values.KafkaBrokers,
		"TEST_DAPRD=" + values.Daprd,
	}, tested...)
	s.pooled(ctx, dirs)
	s.manifests(ctx)
}

// manifests tests a module outside the workspace: Knative's and Dapr's requirements would override those of all others. Never from
// the cache, which does not notice files outside of the module.
func (s *suite) manifests(ctx context.Context) {
	env := []string{"GOWORK=off"}
	err := s.Report.Do("Find Envoy", func() error {
		envoy, err := install.Envoy(ctx, cache.Dir(s.profile.Root))
		env = append(env, "PATH="+filepath.Dir(envoy)+string(filepath.ListSeparator)+os.Getenv("PATH"))
		return err
	})
	if err != nil {
		s.Note("find Envoy", 0, err)
		return
	}
	s.run(ctx, "manifests", env, "-C", filepath.Join(s.profile.Root, "eventing", "manifests"), "test", "-count=1", "./...")
}

// pooled tests what functions ask of the database once more, behind PgBouncer in transaction mode. Each package starts its own
// server for that, whose roles need no passwords.
func (s *suite) pooled(ctx context.Context, modules []string) {
	if missing := install.Missing(install.PgBouncer()); len(missing) > 0 {
		err := s.Report.Do("Install "+strings.Join(missing, ", "), func() error { return install.Packages(ctx, missing) })
		if err != nil {
			s.Note("install a pooler", 0, err)
			return
		}
	}
	args := []string{"test", "-timeout=40m"}
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
	s.run(ctx, "the same behind a pooler", []string{"TEST_POOLER=1", "TEST_DATABASE_URL="}, args...)
}

// alerts checks the alert rules and boards, and tests the rules.
func (s *suite) alerts(ctx context.Context) error {
	if err := observability.Check(s.profile.Root); err != nil {
		return err
	}
	return observability.TestRules(ctx, s.profile.Root)
}

// endToEnd tests the running stack from outside.
func (s *suite) endToEnd(ctx context.Context, values stack.Values) {
	packages, err := s.endToEndPackages(ctx)
	if err != nil {
		s.Note("list the end-to-end tests", 0, err)
		return
	}
	// One package at a time: they share the stack. Never from the cache: the stack is another one.
	args := []string{"test", "-v", "-count=1", "-p=1", "-timeout=60m"}
	if s.options.Run != "" {
		s.run(ctx, "end-to-end tests", s.endToEndEnv(values), append(append(args, "-run", s.options.Run), packages...)...)
		return
	}
	first, last := inOrder(packages)
	s.run(ctx, "end-to-end tests", s.endToEndEnv(values), append(args, first...)...)
	conclude := s.beside(ctx, []check{s.packageCheck(values, "add-a-function.md as written", tutorial)})
	s.run(ctx, "end-to-end tests beside the tutorial", s.endToEndEnv(values), append(args, last...)...)
	conclude()
}

// Packages of end-to-end tests that run beside others.
const (
	// alerts watches metrics and alerts. It needs what the others have done, and mostly waits, so it runs beside the browser.
	alerts = "observe"
	// tutorial mostly builds, and needs the broker and the gateway, so it runs beside besideTutorial.
	tutorial = "tutorial"
)

// besideTutorial are packages that stop neither the broker nor the gateway, and measure no latency.
var besideTutorial = []string{"memory", "reminders"}

// inOrder returns the packages that run alone, and those that run beside the tutorial. After lostbroker consumers receive
// again whatever was in the topics, so it comes early, right after the package at the root, which reads topics from the
// beginning.
func inOrder(packages []string) (first, last []string) {
	rank := func(name string) int {
		switch path.Base(name) {
		case end2end:
			return 0
		case "lostbroker":
			return 1
		}
		return 2
	}
	for _, name := range slices.SortedStableFunc(slices.Values(packages), func(a, b string) int { return rank(a) - rank(b) }) {
		switch base := path.Base(name); {
		case slices.Contains(besideTutorial, base):
			last = append(last, name)
		case base != alerts && base != tutorial:
			first = append(first, name)
		}
	}
	return first, last
}

// packageCheck returns a package of end-to-end tests as a check.
func (s *suite) packageCheck(values stack.Values, name, folder string) check {
	return check{
		name: name, dir: s.profile.Root, env: s.endToEndEnv(values),
		command: []string{"go", "test", "-v", "-count=1", "-timeout=20m", "./" + end2end + "/" + folder},
	}
}

func (s *suite) endToEndPackages(ctx context.Context) ([]string, error) {
	command := exec.CommandContext(ctx, "go", "list", filepath.Join(s.profile.Root, end2end)+"/...")
	command.Dir = s.profile.Root
	output, err := command.Output()
	return strings.Fields(string(output)), err
}

// endToEndEnv tells end-to-end tests where the stack is.
func (s *suite) endToEndEnv(values stack.Values) []string {
	runner, err := os.Executable()
	if err != nil {
		s.Note("find the runner", 0, err)
	}
	again := "--tags failpoint --no-demo --built --observe"
	if s.options.Apache {
		again += " --broker kafka"
	}
	return []string{
		"TASKWIRE_URL=" + values.GatewayURL,
		"TASKWIRE_KAFKA_BROKERS=" + values.KafkaBrokers,
		"TASKWIRE_PROFILE=" + s.profile.Name,
		"TASKWIRE_LOCAL=" + runner,
		"TASKWIRE_UP=" + again,
		"TASKWIRE_TRACES_URL=" + values.Observe.TracesURL,
		"TASKWIRE_METRICS_URL=" + values.Observe.MetricsURL,
	}
}

// workspace lists the modules of go.work.
func (s *suite) workspace(ctx context.Context) ([]string, error) {
	command := exec.CommandContext(ctx, "go", "list", "-f", "{{.Dir}}", "-m")
	command.Dir = s.profile.Root
	output, err := command.Output()
	return strings.Fields(string(output)), err
}

// run runs the go tool and shows its output.
func (s *suite) run(ctx context.Context, name string, env []string, args ...string) {
	s.Report.Say("\n── %s", name)
	started := time.Now()
	err := runGo(ctx, s.profile.Root, os.Stdout, env, args...)
	s.Note(name, time.Since(started), err)
}

// runGo runs the go tool in the repository; it shows complete test results and failures.
func runGo(ctx context.Context, root string, to io.Writer, env []string, args ...string) error {
	out := testrun.NewQuiet(to)
	defer out.Flush()
	command := interruptible(ctx, root, env, "go", args...)
	command.Stdout, command.Stderr = out, out
	return command.Run()
}
