package stack

import (
	"fmt"

	"taskwire.dev/local/internal/sidecar"
	"taskwire.dev/tools/function"
)

const (
	// maxCopies is limited by the ports.
	maxCopies = 2
	// copySlots is the distance between the ports of a function's first copy and those of its second.
	copySlots = 40
)

// instance is one copy of a function. The copies share the app id of their sidecars, and so their consumer group, as
// the pods of a Knative revision do.
type instance struct {
	function.Function
	copy int // 0 is the first
}

// name is the name of the process.
func (i instance) name() string {
	if i.copy == 0 {
		return i.Name
	}
	return fmt.Sprintf("%s-%d", i.Name, i.copy+1)
}

// instances lists every copy of every function.
func (s *Stack) instances() []instance {
	var all []instance
	for _, f := range s.functions {
		all = append(all, s.copiesOf(f)...)
	}
	return all
}

func (s *Stack) copiesOf(f function.Function) []instance {
	all := make([]instance, max(1, s.options.Copies))
	for i := range all {
		all[i] = instance{f, i}
	}
	return all
}

// port is the port of a copy: the first gateway's is the gateway port.
func (s *Stack) port(i instance) int {
	if i.Name == "gateway" {
		return s.profile.Gateway + i.copy
	}
	return s.profile.FunctionPort(s.slots[i.Name] + i.copy*copySlots)
}

func (s *Stack) url(i instance) string { return fmt.Sprintf("http://127.0.0.1:%d", s.port(i)) }

func (s *Stack) sidecar(i instance) (sidecar.Sidecar, bool) {
	return sidecar.For(i.Function, s.profile.SidecarPort(s.slots[i.Name]+i.copy*copySlots), s.own(s.port(i)), i.Invoked(s.functions))
}
