package suite

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/local/internal/install"
	"taskwire.dev/tools/cache"
	"taskwire.dev/tools/testrun"
)

// check is a check that needs no stack.
type check struct {
	name    string
	dir     string // relative to the repository's root
	env     []string
	command []string
	urgent  bool // it has as much of the processors as the concurrent tests, or it may miss its time limits
}

// dashboardChecks are the checks of the dashboard's sources, and of the size of its build, which a whole stack has made.
func (s *suite) dashboardChecks(ctx context.Context) []check {
	dir, err := s.frontend(ctx)
	if err != nil {
		s.Note("get the dashboard's packages", 0, err)
		return nil
	}
	return []check{{name: "dashboard: lint, types, logic, size", dir: dir, command: []string{"npm", "run", "--silent", "check", "--", "--built"}}}
}

// goChecks are the checks of the Go sources and the manifests: the licenses of dependencies, style, that func builds each function, and
// the modules outside of the workspace, whose requirements would override those of all others.
func (s *suite) goChecks(ctx context.Context) []check {
	checks := []check{{name: "licenses", dir: s.profile.Root, command: []string{"go", "run", "./local/licenses"}}}
	for _, prepare := range []func(context.Context) (check, error){s.manifests, s.lint} {
		c, err := prepare(ctx)
		if err != nil {
			s.Note(c.name, 0, err)
			continue
		}
		checks = append(checks, c)
	}
	return append(checks,
		s.outside("func builds every function", "local", "scaffold"),
		s.outside("a release's chart, rendered by Helm", "tools", "release"))
}

// outside tests a module outside of the workspace. Never from the cache, which does not notice files outside of the module.
func (s *suite) outside(name string, dir ...string) check {
	return check{
		name: name, dir: filepath.Join(s.profile.Root, filepath.Join(dir...)), env: []string{"GOWORK=off"},
		command: []string{"go", "test", "-count=1", "./..."},
	}
}

// manifests tests the manifests, with Envoy on the PATH.
func (s *suite) manifests(ctx context.Context) (check, error) {
	c := s.outside("manifests", "eventing", "manifests")
	err := s.Report.Do("Find Envoy", func() error {
		envoy, err := install.Envoy(ctx, cache.Dir(s.profile.Root))
		c.env = append(c.env, "PATH="+filepath.Dir(envoy)+string(filepath.ListSeparator)+os.Getenv("PATH"))
		return err
	})
	return c, err
}

// lint checks the style of the workspace. The linter's own requirements are those of a module outside of it.
func (s *suite) lint(ctx context.Context) (check, error) {
	c := check{name: "go vet, golangci-lint", dir: s.profile.Root}
	linter, err := s.tool(ctx, "golangci-lint")
	if err != nil {
		return c, err
	}
	modules, err := s.workspace(ctx)
	c.command = []string{linter, "run"}
	for _, dir := range modules {
		c.command = append(c.command, dir+"/...")
	}
	return c, err
}

// tool builds a Go tool that tools/lint pins, and returns its path.
func (s *suite) tool(ctx context.Context, name string) (path string, err error) {
	err = s.Report.Do("Build "+name, func() error {
		command := interruptible(ctx, filepath.Join(s.profile.Root, "tools", "lint"), []string{"GOWORK=off"}, "go", "tool", "-n", name)
		var out, problems bytes.Buffer
		command.Stdout, command.Stderr = &out, &problems
		if err := command.Run(); err != nil {
			_, _ = problems.WriteTo(os.Stderr)
			return err
		}
		path = strings.TrimSpace(out.String())
		return nil
	})
	return path, err
}

// beside starts the checks, one after the other, on the processor time that the concurrent tests leave. The returned
// function waits for them and shows their output.
func (s *suite) beside(ctx context.Context, checks []check) (conclude func()) {
	type result struct {
		output bytes.Buffer
		took   time.Duration
		err    error
		failed []string
	}
	results := make([]result, len(checks))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i, c := range checks {
			r := &results[i]
			started := time.Now()
			out := testrun.NewQuiet(&r.output)
			nice := "10"
			if c.urgent {
				nice = "0"
			}
			command := interruptible(ctx, c.dir, c.env, "nice", append([]string{"-n", nice}, c.command...)...)
			command.Stdout, command.Stderr = out, out
			r.err = command.Run()
			out.Flush()
			r.took, r.failed = time.Since(started), out.Failed()
		}
	}()
	return func() {
		<-done
		for i, c := range checks {
			s.Report.Say("\n── %s", c.name)
			_, _ = results[i].output.WriteTo(os.Stdout)
			s.Note(c.name, results[i].took, results[i].err, results[i].failed...)
		}
	}
}
