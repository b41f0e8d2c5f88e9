package contender

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
	"taskwire.dev/tools/cache"
)

// program is a Go program of somebody else, which is built from its module and runs as its own process. Nothing of it is linked here.
type program struct{ name, path, version string }

var (
	// The last version whose module builds without Caddy: Caddy's is not in the checksum database.
	mercureProgram    = program{"mercure", "github.com/dunglas/mercure/cmd/mercure", "v0.20.2"}
	centrifugoProgram = program{"centrifugo", "github.com/centrifugal/centrifugo/v6", "v6.9.1"}
)

// build returns the path of the built program. It is built once, into the user's cache.
func (p program) build(ctx context.Context, root string) (string, error) {
	folder := filepath.Join(cache.Dir(root), p.name+"-"+p.version)
	out := filepath.Join(folder, p.name)
	if _, err := os.Stat(out); err == nil {
		return out, nil
	}
	fmt.Fprintf(os.Stderr, "Building %s %s, once\n", p.name, p.version)
	source, err := os.MkdirTemp("", p.name)
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(source) }()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	fresh := filepath.Join(source, p.name)
	for _, args := range [][]string{
		{"mod", "init", "bench.invalid/" + p.name},
		{"get", p.path + "@" + p.version},
		{"build", "-o", fresh, p.path},
	} {
		command := exec.CommandContext(ctx, "go", args...)
		command.Dir, command.Env = source, append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		if output, err := command.CombinedOutput(); err != nil {
			lines := strings.Split(strings.TrimSpace(string(output)), "\n")
			return "", fmt.Errorf("go %s: %w: %s", strings.Join(args, " "), err, lines[len(lines)-1])
		}
	}
	content, err := os.ReadFile(fresh)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(out+".new", content, 0o755); err != nil {
		return "", err
	}
	return out, os.Rename(out+".new", out)
}

// process is a program that runs.
type process struct {
	command *exec.Cmd
	dir     string
}

// run starts a program in a folder that goes when it is closed. Its address must accept connections within a time.
func (p program) run(ctx context.Context, path, address string, args ...string) (*process, error) {
	dir, err := os.MkdirTemp("", p.name)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	out := &process{command: exec.Command(path, args...), dir: dir}
	out.command.Dir, out.command.Stdout, out.command.Stderr = dir, log, log
	if err := out.command.Start(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := listening(ctx, address); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%s: %w: %.2000s", p.name, err, said), out.close())
	}
	return out, nil
}

func (p *process) usage() (stack.Usage, error) { return stack.UsageOf(p.command.Process.Pid) }

// stopLimit is how long a program may take to end.
const stopLimit = 5 * time.Second

func (p *process) close() error {
	_ = p.command.Process.Signal(os.Interrupt)
	kill := time.AfterFunc(stopLimit, func() { _ = p.command.Process.Kill() })
	defer kill.Stop()
	_ = p.command.Wait() // it was told to end; its exit status says nothing
	return os.RemoveAll(p.dir)
}
