package main

import (
	"errors"
	"flag"
	"strings"
	"testing"
)

// TestRun_UsageBeforeWork: nothing listens at the address, so a command that starts its work fails to connect.
func TestRun_UsageBeforeWork(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://owner@127.0.0.1:1/taskwire")
	commands := []string{"up", "down", "reset", "supports", "status", "fold", "passwords", "rebuild-check", "user", "role"}
	calls := [][]string{nil, {"help"}, {"--help"}, {"-h"}, {"user", "help"}, {"user", "list", "--help"}, {"user", "delete", "--help"}, {"nonsense"}, {"--version"}}
	for _, command := range commands {
		for _, argument := range []string{"--help", "-h", "-help", "help", "--dry-run", "20261127000000"} {
			calls = append(calls, []string{command, argument})
		}
	}
	for _, args := range calls {
		err := run(t.Context(), args)
		if !errors.Is(err, flag.ErrHelp) && (err == nil || !strings.Contains(err.Error(), "usage: migrate ")) {
			t.Errorf("migrate %s: %v, want the usage", strings.Join(args, " "), err)
		}
	}
	for _, command := range commands[:len(commands)-2] {
		if err := run(t.Context(), []string{command}); err == nil || strings.Contains(err.Error(), "usage") {
			t.Errorf("migrate %s: %v, want that it cannot connect", command, err)
		}
	}
}
