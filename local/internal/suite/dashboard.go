package suite

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"time"

	"taskwire.dev/local/internal/build"
	"taskwire.dev/local/internal/install"
	"taskwire.dev/local/internal/stack"
)

// dashboard checks the frontend's sources, then uses what the running stack serves as people do, in a real browser.
func (s *suite) dashboard(ctx context.Context) {
	builder := build.New(s.profile.Root, s.profile.Bin(), nil, s.report)
	dir, err := builder.FrontendPackages(ctx)
	if err != nil || dir == "" {
		if err != nil {
			s.note("get the dashboard's packages", 0, err)
		}
		return
	}
	s.runIn(ctx, dir, "dashboard: lint, types, logic, size", nil, "npm", "run", "--silent", "check")
	values, err := stack.ReadValues(s.profile)
	if err != nil {
		s.note("dashboard in a browser", 0, err)
		return
	}
	if missing := install.Missing(install.Chromium()); len(missing) > 0 {
		err := s.report.Do("Install "+strings.Join(missing, ", "), func() error { return install.Packages(ctx, missing) })
		if err != nil {
			s.note("install a browser", 0, err)
			return
		}
	}
	runner, err := os.Executable()
	if err != nil {
		s.note("find the runner", 0, err)
		return
	}
	s.runIn(ctx, dir, "dashboard in a browser", []string{
		"TASKWIRE_URL=" + values.GatewayURL,
		"TASKWIRE_PROFILE=" + s.profile.Name,
		"TASKWIRE_LOCAL=" + runner,
	}, "npm", "run", "--silent", "e2e")
}

// runIn runs a program of the frontend with its output shown.
func (s *suite) runIn(ctx context.Context, dir, name string, env []string, program string, args ...string) {
	s.report.Say("\n── %s", name)
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), env...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	started := time.Now()
	err := command.Run()
	s.note(name, time.Since(started), err)
}
