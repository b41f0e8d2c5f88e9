// Package stack controls a running Taskwire from outside, with the laptop runner's commands: its processes, what they
// cost, and how to kill them.
package stack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

// Names of parts that are not functions. The sidecar of a function is Sidecar(function).
const (
	Postgres = "postgres"
	Redis    = "redis"
	Broker   = "broker"
)

// Sidecar is the name of the sidecar of a function.
func Sidecar(function string) string { return function + "-dapr" }

// Stack is one profile of the laptop runner.
type Stack struct {
	runner  string
	root    string
	profile string
}

// Open finds the runner of this repository, and returns the stack of a profile. Nothing is started.
func Open(profile string) (*Stack, error) {
	root, err := findRoot()
	if err != nil {
		return nil, err
	}
	runner := os.Getenv("TASKWIRE_LOCAL")
	if runner == "" {
		runner = filepath.Join(root, ".local", "bin", "taskwire-local")
	}
	if _, err := os.Stat(runner); err != nil {
		return nil, fmt.Errorf("the laptop runner is not built (make builds it): %w", err)
	}
	return &Stack{runner: runner, root: root, profile: profile}, nil
}

func findRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "local", "daprd")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the repository: no local/daprd here or above")
		}
		dir = parent
	}
}

// In is Open for another working tree of the repository, whose runner make has built there.
func In(root, profile string) (*Stack, error) {
	runner := filepath.Join(root, ".local", "bin", "taskwire-local")
	if _, err := os.Stat(runner); err != nil {
		return nil, fmt.Errorf("the laptop runner is not built in %s: %w", root, err)
	}
	return &Stack{runner: runner, root: root, profile: profile}, nil
}

// At returns the arguments that give a stack other ports than its profile has; none for 0.
func At(base int) []string {
	if base == 0 {
		return nil
	}
	return []string{"--base", strconv.Itoa(base)}
}

// Root is the folder of the repository.
func (s *Stack) Root() string { return s.root }

// Profile is the name of the stack.
func (s *Stack) Profile() string { return s.profile }

// Up starts the stack with additional arguments of `taskwire-local up`; the runner's output goes to this process's
// standard error.
func (s *Stack) Up(ctx context.Context, args ...string) error {
	c := s.command(ctx, append([]string{"up"}, args...)...)
	c.Stdout, c.Stderr = os.Stderr, os.Stderr
	return c.Run()
}

// HoldAll stops all functions and sidecars, which end their work first, and leaves the servers running.
func (s *Stack) HoldAll(ctx context.Context) error { return s.eachFunction(ctx, "stop") }

// ReleaseAll starts them again, and waits until they are healthy.
func (s *Stack) ReleaseAll(ctx context.Context) error {
	if err := s.eachFunction(ctx, "start"); err != nil {
		return err
	}
	return s.run(ctx, nil, "wait")
}

func (s *Stack) eachFunction(ctx context.Context, command string) error {
	v, err := s.Values(ctx)
	if err != nil {
		return err
	}
	parts, err := s.Parts(ctx)
	if err != nil {
		return err
	}
	var group errgroup.Group
	for _, p := range parts {
		if _, ok := v.Functions[strings.TrimSuffix(p.Name, "-dapr")]; ok {
			group.Go(func() error { return s.run(ctx, nil, command, p.Name) })
		}
	}
	return group.Wait()
}

// Down stops the stack and keeps its data.
func (s *Stack) Down(ctx context.Context) error { return s.run(ctx, nil, "down") }

// Reset stops the stack and deletes its data.
func (s *Stack) Reset(ctx context.Context) error { return s.run(ctx, nil, "reset") }

// Values are addresses and credentials of a running stack.
type Values struct {
	GatewayURL   string            `json:"gateway_url"`
	Database     map[string]string `json:"database"` // by role: owner, app, outbox, superuser, …
	KafkaBrokers string            `json:"kafka_brokers"`
	RedisURL     string            `json:"redis_url"`
	Functions    map[string]struct {
		URL          string `json:"url"`
		AppToken     string `json:"app_token"`
		APIToken     string `json:"api_token"`
		FailpointDir string `json:"failpoint_dir"`
		Dapr         struct {
			HTTPPort     int `json:"http_port"`
			GRPCPort     int `json:"grpc_port"`
			InternalPort int `json:"internal_port"`
		} `json:"dapr"`
	} `json:"functions"`
	MailURL string `json:"mail_url"` // the API of the Mailpit that catches mail
	// ProviderURL is the address of the OpenID provider, in a stack that was started with --oidc.
	ProviderURL string `json:"provider_url"`
	StateDir    string `json:"state_dir"`
	Bin         string `json:"bin"`
	ClockFile   string `json:"clock_file"` // the file with which tests change the functions' clock
	// Observe has the stores of metrics and traces in a stack that was started with --observe.
	Observe struct {
		MetricsURL      string `json:"metrics_url"`
		MetricsEndpoint string `json:"metrics_endpoint"`
		TracesEndpoint  string `json:"traces_endpoint"`
		TracesURL       string `json:"traces_url"`
	} `json:"observe"`
	// SecretFiles are the paths of the stack's secrets by file name, such as "signing-key.pem".
	SecretFiles map[string]string `json:"secret_files"`
}

// Link is an address that parts use for a part, or for the copies of one, when the stack is started with --proxied. The
// caller must listen there.
type Link struct {
	Name   string   `json:"name"`
	Listen string   `json:"listen"`
	To     []string `json:"to"`
}

// Values reads them.
func (s *Stack) Values(ctx context.Context) (Values, error) {
	var v Values
	return v, s.run(ctx, &v, "values", "--json")
}

// Links lists where to listen before Up is called with --proxied and these arguments.
func (s *Stack) Links(ctx context.Context, args ...string) ([]Link, error) {
	var links []Link
	return links, s.run(ctx, &links, append([]string{"links"}, args...)...)
}

// Part is a process of the stack.
type Part struct {
	Name     string  `json:"name"`
	PID      int     `json:"pid"` // 0 while there is none
	Port     int     `json:"port"`
	Healthy  bool    `json:"healthy"`
	Restarts int     `json:"restarts"`
	RSSMB    float64 `json:"rss_mb"`
}

// Parts lists the processes.
func (s *Stack) Parts(ctx context.Context) ([]Part, error) {
	var parts []Part
	return parts, s.run(ctx, &parts, "status", "--json")
}

// Part returns one process.
func (s *Stack) Part(ctx context.Context, name string) (Part, error) {
	parts, err := s.Parts(ctx)
	if err != nil {
		return Part{}, err
	}
	i := slices.IndexFunc(parts, func(p Part) bool { return p.Name == name })
	if i < 0 {
		return Part{}, fmt.Errorf("the stack has no part %q", name)
	}
	return parts[i], nil
}

// Kill9 kills a part with SIGKILL, as a crash would; the runner restarts it. It returns the killed process.
func (s *Stack) Kill9(ctx context.Context, name string) (Part, error) {
	return s.signal(ctx, name, syscall.SIGKILL)
}

// Terminate ends a part with SIGTERM, as a rollout would; the runner restarts it. It returns the process.
func (s *Stack) Terminate(ctx context.Context, name string) (Part, error) {
	return s.signal(ctx, name, syscall.SIGTERM)
}

func (s *Stack) signal(ctx context.Context, name string, signal syscall.Signal) (Part, error) {
	p, err := s.WaitHealthy(ctx, name)
	if err != nil {
		return p, err
	}
	return p, syscall.Kill(p.PID, signal)
}

// Hold kills a part with SIGKILL and keeps it down until Release.
func (s *Stack) Hold(ctx context.Context, name string) error {
	return s.run(ctx, nil, "stop", name, "--kill")
}

// Release restarts a part that was held.
func (s *Stack) Release(ctx context.Context, name string) error {
	return s.run(ctx, nil, "start", name)
}

// pace is the polling interval. Each look at the parts starts a process of the runner, on a machine that is busy enough.
const pace = 200 * time.Millisecond

// WaitHealthy waits until a part is up and healthy, and returns it.
func (s *Stack) WaitHealthy(ctx context.Context, name string) (Part, error) {
	return s.wait(ctx, name, func(p Part) bool { return p.Healthy && p.PID != 0 })
}

// WaitReplaced waits until a part is up and healthy in a new process.
func (s *Stack) WaitReplaced(ctx context.Context, before Part) (Part, error) {
	return s.wait(ctx, before.Name, func(p Part) bool { return p.Healthy && p.PID != 0 && p.PID != before.PID })
}

func (s *Stack) wait(ctx context.Context, name string, until func(Part) bool) (Part, error) {
	for {
		p, err := s.Part(ctx, name)
		if err == nil && until(p) {
			return p, nil
		}
		select {
		case <-ctx.Done():
			return p, fmt.Errorf("%s is not as wanted in time (%+v): %w", name, p, errors.Join(ctx.Err(), err))
		case <-time.After(pace):
		}
	}
}

// RebuildCheck replays the audit log into an empty schema; the error lists the tasks that differ.
func (s *Stack) RebuildCheck(ctx context.Context) error {
	if out, err := s.command(ctx, "rebuild-check").CombinedOutput(); err != nil {
		return fmt.Errorf("replaying the audit log does not give the same tasks: %w: %.2000s", err, out)
	}
	return nil
}

// Republish publishes the events of the audit log again, since a time or for a duration back.
func (s *Stack) Republish(ctx context.Context, since string) error {
	if out, err := s.command(ctx, "republish", "--since", since).CombinedOutput(); err != nil {
		return fmt.Errorf("republish: %w: %.2000s", err, out)
	}
	return nil
}

// Backup writes a backup of the database to a new file.
func (s *Stack) Backup(ctx context.Context, file string) error {
	if out, err := s.command(ctx, "backup", file).CombinedOutput(); err != nil {
		return fmt.Errorf("backup: %w: %.2000s", err, out)
	}
	return nil
}

// Restore replaces the data of the running stack with a backup, with further arguments of `taskwire-local restore`. The error has the
// runner's output.
func (s *Stack) Restore(ctx context.Context, file string, args ...string) error {
	args = append([]string{"restore", file}, args...)
	if out, err := s.command(ctx, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("restore: %w: %.2000s", err, out)
	}
	return nil
}

func (s *Stack) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, s.runner, append(args, "--profile", s.profile)...)
	c.Dir = s.root
	return c
}

// run executes a command of the runner and decodes its output into out, unless that is nil.
func (s *Stack) run(ctx context.Context, out any, args ...string) error {
	c := s.command(ctx, args...)
	var stderr bytes.Buffer
	c.Stderr = &stderr
	stdout, err := c.Output()
	if err != nil {
		return fmt.Errorf("taskwire-local %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(stdout, out)
}
