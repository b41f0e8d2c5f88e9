package suite

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

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

// sourceChecks are the checks of the sources: style, types, and that func builds each function.
func (s *suite) sourceChecks(ctx context.Context) []check {
	var checks []check
	if dir, err := s.frontend(ctx); err != nil {
		s.Note("get the dashboard's packages", 0, err)
	} else {
		checks = append(checks, check{name: "dashboard: lint, types, logic, size", dir: dir, command: []string{"npm", "run", "--silent", "check"}})
	}
	// The linter's requirements are those of a module outside of the workspace; what it checks is the workspace.
	linter, err := s.tool(ctx, "golangci-lint")
	if err != nil {
		s.Note("build golangci-lint", 0, err)
		return checks
	}
	modules, err := s.workspace(ctx)
	if err != nil {
		s.Note("list the modules", 0, err)
		return checks
	}
	lint := []string{linter, "run"}
	for _, dir := range modules {
		lint = append(lint, dir+"/...")
	}
	return append(checks,
		check{name: "go vet, golangci-lint", dir: s.profile.Root, command: lint},
		check{
			name: "func builds every function", dir: filepath.Join(s.profile.Root, "local", "scaffold"), env: []string{"GOWORK=off"},
			command: []string{"go", "test", "-count=1", "./..."},
		},
		check{
			name: "a release's chart, rendered by Helm", dir: filepath.Join(s.profile.Root, "tools", "release"), env: []string{"GOWORK=off"},
			command: []string{"go", "test", "-count=1", "./..."},
		})
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
