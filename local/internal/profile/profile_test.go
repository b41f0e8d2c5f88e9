package profile_test

import (
	"maps"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/ports"
)

// Package ports keeps the ranges of profiles apart.
func TestProfiles_PortsAreInTheirRange(t *testing.T) {
	t.Parallel()
	p, err := profile.New("/repo", profile.Test, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	taken := map[int]bool{}
	use := func(first, n int) {
		for port := first; port < first+n; port++ {
			if taken[port] || port < p.Base || port >= p.Base+ports.Each {
				t.Errorf("port %d is taken twice, or out of the range", port)
			}
			taken[port] = true
		}
	}
	for _, port := range []int{
		p.Gateway, p.PostgresPort(), p.RedisPort(), p.BrokerPort(), p.ControllerPort(), p.TopicsPort(), p.ProviderPort(), p.MetricsPort(),
		p.AlertsPort(),
	} {
		use(port, 1)
	}
	use(p.MailPort(), 2)
	use(p.TracesPort(), 3)
	for slot := range 40 {
		use(p.FunctionPort(slot), 1)
		use(p.SidecarPort(slot), 5)
	}
}

func TestNew_RefusesWhatCannotBe(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "../up", "Dev", "unknown"} {
		if _, err := profile.New("/repo", name, 0, 0); err == nil {
			t.Errorf("profile %q was accepted", name)
		}
	}
}

func TestSlots_NewFunctionMovesNoOther(t *testing.T) {
	t.Parallel()
	p, err := profile.New(t.TempDir(), profile.Test, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Prepare(); err != nil {
		t.Fatal(err)
	}
	before, err := p.Slots([]string{"tasks", "gateway"})
	if err != nil {
		t.Fatal(err)
	}
	after, err := p.Slots([]string{"auth", "gateway", "tasks"})
	if err != nil {
		t.Fatal(err)
	}
	if after["tasks"] != before["tasks"] || after["gateway"] != before["gateway"] {
		t.Errorf("before %v, after %v", before, after)
	}
	// The slot of a removed function is reused.
	last, err := p.Slots([]string{"auth", "tasks", "mcp"})
	if err != nil || last["mcp"] != before["gateway"] {
		t.Errorf("slots %v, %v", last, err)
	}
	// A run with --infra-only has no functions.
	if none, err := p.Slots(nil); err != nil || len(none) != 0 {
		t.Errorf("slots %v, %v", none, err)
	}
	if again, err := p.Slots([]string{"auth", "tasks", "mcp"}); err != nil || !maps.Equal(again, last) {
		t.Errorf("slots %v, %v, want %v", again, err, last)
	}
}
