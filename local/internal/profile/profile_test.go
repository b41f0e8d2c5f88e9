package profile_test

import (
	"maps"
	"testing"

	"taskwire.dev/local/internal/profile"
)

func TestProfiles_ShareNoPort(t *testing.T) {
	t.Parallel()
	taken := map[int]string{}
	for _, name := range []string{profile.Development, profile.Test, profile.Chaos, profile.Bench, profile.Security} {
		p, err := profile.New("/repo", name, 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		ports := []int{p.Gateway, p.PostgresPort(), p.RedisPort(), p.BrokerPort(), p.ControllerPort(), p.TopicsPort(), p.MetricsPort(), p.AlertsPort()}
		for i := range 3 {
			ports = append(ports, p.TracesPort()+i)
		}
		for slot := range 40 {
			ports = append(ports, p.FunctionPort(slot))
			for i := range 5 {
				ports = append(ports, p.SidecarPort(slot)+i)
			}
		}
		for _, port := range ports {
			if other, found := taken[port]; found {
				t.Errorf("port %d is %s's and %s's", port, name, other)
			}
			taken[port] = name
		}
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
