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

// fetchPackages downloads the dashboard's packages in the background. The returned function waits for that.
func (s *suite) fetchPackages(ctx context.Context) (wait func()) {
	if _, err := exec.LookPath("npm"); err != nil {
		return func() {} // the dashboard's tests report that npm is missing
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = s.frontend(ctx) // an error is reported when they are needed
	}()
	return func() { <-done }
}

// dashboard tests the running stack in a real browser, as users use it.
func (s *suite) dashboard(ctx context.Context, values stack.Values) {
	dir, err := s.frontend(ctx)
	if err != nil {
		s.Note("get the dashboard's packages", 0, err)
		return
	}
	if missing := install.Missing(install.Chromium()); len(missing) > 0 {
		err := s.Report.Do("Install "+strings.Join(missing, ", "), func() error { return install.Packages(ctx, missing) })
		if err != nil {
			s.Note("install a browser", 0, err)
			return
		}
	}
	runner, err := os.Executable()
	if err != nil {
		s.Note("find the runner", 0, err)
		return
	}
	s.Report.Say("\n── dashboard in a browser")
	s.runAndNote("dashboard in a browser", interruptible(ctx, dir, []string{
		"TASKWIRE_URL=" + values.GatewayURL,
		"TASKWIRE_PROFILE=" + s.profile.Name,
		"TASKWIRE_LOCAL=" + runner,
	}, "npm", "run", "--silent", "e2e"))
}

// frontend is the folder of the dashboard's sources, with its packages.
func (s *suite) frontend(ctx context.Context) (dir string, err error) {
	return build.New(s.profile.Root, s.profile.Bin(), nil, s.Report).Frontend().Packages(ctx)
}

// interruptible is a program in a folder that can clean up when the tests are interrupted.
func interruptible(ctx context.Context, dir string, env []string, program string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), env...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	return command
}
