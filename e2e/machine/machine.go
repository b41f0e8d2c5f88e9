// Package machine describes where figures were measured.
package machine

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

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sys/unix"
)

// Machine is a computer, the servers on it and the commit that is measured.
type Machine struct {
	CPU, Kernel, System, Go, Postgres, Broker, Commit, Date string
	Cores                                                   int
	MemoryGB                                                float64
}

// Describe describes this machine, with the database of a stack that runs from the repository's working tree.
func Describe(ctx context.Context, root string, db *pgxpool.Pool) Machine {
	m := Machine{
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
	_ = db.QueryRow(ctx, `SHOW server_version`).Scan(&m.Postgres)
	m.Commit = commit(ctx, root)
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

func commit(ctx context.Context, root string) string {
	git := func(args ...string) string {
		c := exec.CommandContext(ctx, "git", args...)
		c.Dir = root
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

func (m Machine) String() string {
	return fmt.Sprintf("%d cores (%s), %.0f GB of memory, %s, Linux %s; Go %s, PostgreSQL %s, broker: %s; commit %s, %s",
		m.Cores, m.CPU, m.MemoryGB, m.System, m.Kernel, m.Go, m.Postgres, m.Broker, m.Commit, m.Date)
}
