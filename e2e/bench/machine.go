package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machine describes where the figures were measured.
type machine struct {
	CPU, Kernel, System, Go, Postgres, Broker, Commit, Date string
	Cores                                                   int
	MemoryGB                                                float64
}

func (b *bench) machine(ctx context.Context) machine {
	m := machine{
		CPU: lineOf("/proc/cpuinfo", "model name", ":"), System: strings.Trim(lineOf("/etc/os-release", "PRETTY_NAME", "="), `"`),
		Go: strings.TrimPrefix(runtime.Version(), "go"), Cores: runtime.NumCPU(), Date: time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		Broker: "kfake, embedded",
	}
	total, _ := strconv.ParseFloat(strings.Fields(lineOf("/proc/meminfo", "MemTotal", ":") + " 0")[0], 64)
	m.MemoryGB = total / (1 << 20)
	var name unix.Utsname
	if unix.Uname(&name) == nil {
		m.Kernel = string(bytes.TrimRight(name.Release[:], "\x00"))
	}
	_ = b.db.QueryRow(ctx, `SHOW server_version`).Scan(&m.Postgres)
	m.Commit = b.commit(ctx)
	return m
}

func lineOf(path, name, separator string) string {
	content, _ := os.ReadFile(path)
	for line := range strings.Lines(string(content)) {
		if key, value, found := strings.Cut(line, separator); found && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "?"
}

func (b *bench) commit(ctx context.Context) string {
	git := func(args ...string) string {
		c := exec.CommandContext(ctx, "git", args...)
		c.Dir = b.stack.Root()
		out, _ := c.Output()
		return strings.TrimSpace(string(out))
	}
	commit := git("rev-parse", "--short", "HEAD")
	if commit == "" {
		return "no commit"
	}
	if git("status", "--porcelain", "--", "functions", "shared", "local", "dapr", "eventing", "migrations", "e2e") != "" {
		commit += " with changes that are not committed"
	}
	return commit
}

func (m machine) String() string {
	return fmt.Sprintf("%d cores (%s), %.0f GB of memory, %s, Linux %s; Go %s, PostgreSQL %s, broker: %s; commit %s, %s",
		m.Cores, m.CPU, m.MemoryGB, m.System, m.Kernel, m.Go, m.Postgres, m.Broker, m.Commit, m.Date)
}

// raiseOpenFiles raises this process's limit of open files.
func raiseOpenFiles(n uint64) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	if limit.Cur >= n {
		return nil
	}
	limit.Cur, limit.Max = n, max(n, limit.Max)
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("%d open files are needed (ulimit -n): %w", n, err)
	}
	return nil
}
