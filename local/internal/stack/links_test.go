package stack

import (
	"strings"
	"testing"

	"taskwire.dev/local/internal/profile"
	"taskwire.dev/tools/function"
)

// TestLinks_AllPortsAreTheProfilesAndOfOneUse: with as many functions as there are slots, twice, with sidecars and
// links, all ports are in the profile's range and none is used twice.
func TestLinks_AllPortsAreTheProfilesAndOfOneUse(t *testing.T) {
	t.Parallel()
	p, err := profile.New("/repo", "some", 17000, 0)
	if err != nil {
		t.Fatal(err)
	}
	s := &Stack{profile: p, options: Options{Proxied: true, Copies: maxCopies, Apache: true, Observe: true, Provider: true}, slots: map[string]int{}}
	for slot := range copySlots {
		f := function.Function{Name: "f" + string(rune('A'+slot)), Annotations: map[string]string{"dapr.io/enabled": "true"}}
		if slot == 0 {
			f.Name = "gateway"
		}
		s.functions = append(s.functions, f)
		s.slots[f.Name] = slot
	}
	used := map[string]string{}
	use := func(address, by string) {
		if other, taken := used[address]; taken {
			t.Errorf("%s is for %s and for %s", address, other, by)
		}
		used[address] = by
		if !strings.HasPrefix(address, "127.0.0.1:17") {
			t.Errorf("%s of %s is no port of the profile", address, by)
		}
	}
	for _, part := range s.needs() {
		for _, port := range part.ports {
			use(loopback(port), part.name)
		}
	}
	targets := map[string]bool{}
	for _, l := range s.links() {
		use(l.Listen, l.Name)
		for _, to := range l.To {
			targets[to] = true
			if used[to] == "" {
				t.Errorf("%s leads to %s, where nobody is", l.Name, to)
			}
		}
	}
	for _, i := range s.instances() {
		if !targets[loopback(s.port(i))] {
			t.Errorf("no link leads to %s", i.name())
		}
	}
}
