package suite

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/local/internal/stack"
)

// chaos starts a second stack from the binaries of the first, and on it the tests that kill parts. They mostly wait, so
// other tests run meanwhile, for which the first stack stays up. The returned function waits for them, shows their output
// and stops the stack.
func (s *suite) chaos(ctx context.Context, packages []string) (conclude func()) {
	p, err := profile.New(s.profile.Root, profile.TestChaos, 0, 0)
	if err == nil {
		err = stack.Reset(ctx, p, s.Report)
	}
	if err == nil {
		err = linkAll(s.profile.Bin(), p.Bin())
	}
	if err != nil {
		s.Note("prepare a second stack", 0, err)
		return func() {}
	}
	down := func() {
		if err := stack.Down(context.WithoutCancel(ctx), p, s.Report); err != nil {
			s.Note("stop the second stack", 0, err)
		}
	}
	values, err := stack.Up(ctx, p, stack.Options{Apache: s.options.Apache, Tags: []string{"failpoint"}, Built: true}, s.Report)
	if err != nil {
		s.Note("start a second stack", 0, err)
		return down
	}
	args := append([]string{"go", "test", vetted, "-v", "-count=1", "-p=1", "-timeout=20m"}, packages...)
	tests := check{name: "chaos", dir: s.profile.Root, env: s.endToEndEnv(p, values), command: args, urgent: true}
	wait := s.beside(ctx, []check{tests})
	return func() {
		wait()
		down()
	}
}

// linkAll makes the files of one folder appear in another, which must not exist.
func linkAll(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := os.Link(filepath.Join(from, file.Name()), filepath.Join(to, file.Name())); err != nil {
			return err
		}
	}
	return nil
}

// isChaos reports whether a package of end-to-end tests belongs on the second stack.
func isChaos(name string) bool { return strings.Contains(name+"/", "/"+end2end+"/chaos/") }
