// Package fault injects faults into a running Taskwire, by a schedule that a seed reproduces.
package fault

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
)

// Kind of fault.
type Kind string

// Kinds of faults.
const (
	Kill       Kind = "SIGKILL"
	Pause      Kind = "SIGSTOP, then SIGCONT"
	Terminate  Kind = "SIGTERM"
	Away       Kind = "kept down"
	Supervisor Kind = "SIGKILL of the supervisor"
	PowerCut   Kind = "power cut: SIGKILL of everything"
	AtCommit   Kind = "SIGKILL between commit and publish"
	Flush      Kind = "Redis flushed"
	DiskFull   Kind = "disk full"
	Clock      Kind = "clock step"
	Cut        Kind = "connections reset"
	Slow       Kind = "slow network"
	Stall      Kind = "network that swallows everything"
)

// Fault is what is done to which part, and for how long.
type Fault struct {
	Kind Kind
	Part string
	For  time.Duration // 0: it is over at once
	By   time.Duration // of a clock step
}

func (f Fault) String() string {
	text := string(f.Kind)
	if f.Part != "" {
		text += " of " + f.Part
	}
	if f.By != 0 {
		text += fmt.Sprintf(" by %v", f.By)
	}
	if f.For != 0 {
		text += fmt.Sprintf(" for %v", f.For)
	}
	return text
}

// weights are the relative frequencies of the kinds.
var weights = []struct {
	kind Kind
	n    int
}{
	{Kill, 26},
	{Pause, 12},
	{Terminate, 10},
	{Away, 8},
	{AtCommit, 6},
	{Flush, 4},
	{DiskFull, 4},
	{Clock, 4},
	{Cut, 10},
	{Slow, 5},
	{Stall, 5},
	{Supervisor, 3},
	{PowerCut, 3},
}

// Can is which faults a stack supports.
type Can struct {
	Kinds []Kind
	Parts []string // processes
	Disks []string // parts whose disk can be full
	Links []string // connections that can be disturbed
}

// Schedule generates faults.
type Schedule struct {
	dice *rand.Rand
	can  Can
	// deck is dealt completely before it is shuffled again, so that a short run covers many kinds.
	deck []Kind
	part []string
}

// NewSchedule returns the schedule of a seed.
func NewSchedule(seed uint64, can Can) *Schedule {
	slices.Sort(can.Parts)
	slices.Sort(can.Disks)
	slices.Sort(can.Links)
	return &Schedule{dice: rand.New(rand.NewPCG(seed, 2)), can: can}
}

// Round returns the next faults, to be injected at the same time: one, and now and then two.
func (s *Schedule) Round() []Fault {
	first := s.Next()
	faults := []Fault{first}
	if s.dice.IntN(3) > 0 || whole(first) {
		return faults
	}
	// The other copy as well, so that none is left.
	if other := sibling(first.Part); first.Kind != AtCommit && slices.Contains(s.can.Parts, other) && s.dice.IntN(2) == 0 {
		second := first
		second.Part = other
		return append(faults, second)
	}
	if second := s.Next(); !whole(second) && second.Kind != first.Kind {
		faults = append(faults, second)
	}
	return faults
}

// sibling returns the other copy of a function, or of a sidecar; "" if there is none.
func sibling(part string) string {
	function := strings.TrimSuffix(part, "-dapr")
	switch {
	case Group(part) != "a function" && Group(part) != "a sidecar":
		return ""
	case strings.HasSuffix(function, "-2"):
		return strings.TrimSuffix(function, "-2") + part[len(function):]
	default:
		return function + "-2" + part[len(function):]
	}
}

// whole reports whether a fault affects everything, so that no second one is possible.
func whole(f Fault) bool { return f.Kind == Supervisor || f.Kind == PowerCut }

// Next returns the next fault.
func (s *Schedule) Next() Fault {
	f := Fault{Kind: s.kind()}
	seconds := func(least, most int) time.Duration {
		return time.Duration(least*1000+s.dice.IntN((most-least)*1000)) * time.Millisecond
	}
	switch f.Kind {
	case Kill, Terminate:
		f.Part = s.victim()
	case Pause:
		f.Part, f.For = s.victim(), seconds(1, 8)
	case Away:
		f.Part, f.For = s.victim(), seconds(2, 12)
	case AtCommit:
		f.Part = "tasks"
	case Flush:
		f.Part = stack.Redis
	case DiskFull:
		f.Part, f.For = s.can.Disks[s.dice.IntN(len(s.can.Disks))], seconds(3, 10)
	case Clock:
		// Never past what a run makes due; and back again.
		f.By, f.For = time.Duration(s.dice.IntN(600)-120)*time.Second, seconds(3, 10)
	case Cut:
		f.Part = s.can.Links[s.dice.IntN(len(s.can.Links))]
	case Slow, Stall:
		f.Part, f.For = s.can.Links[s.dice.IntN(len(s.can.Links))], seconds(2, 8)
	}
	return f
}

// kind deals a kind from the deck.
func (s *Schedule) kind() Kind {
	if len(s.deck) == 0 {
		for _, w := range weights {
			if !slices.Contains(s.can.Kinds, w.kind) {
				continue
			}
			for range w.n {
				s.deck = append(s.deck, w.kind)
			}
		}
		s.dice.Shuffle(len(s.deck), func(i, j int) { s.deck[i], s.deck[j] = s.deck[j], s.deck[i] })
	}
	k := s.deck[0]
	s.deck = s.deck[1:]
	return k
}

// victim deals a part, each before any is repeated.
func (s *Schedule) victim() string {
	if len(s.part) == 0 {
		s.part = slices.Clone(s.can.Parts)
		s.dice.Shuffle(len(s.part), func(i, j int) { s.part[i], s.part[j] = s.part[j], s.part[i] })
	}
	p := s.part[0]
	s.part = s.part[1:]
	return p
}

// Group is the sort of part in tables: "function", "sidecar", or the server's name.
func Group(part string) string {
	switch {
	case part == stack.Postgres || part == stack.Redis || part == stack.Broker || part == "topics" || part == "":
		return part
	case strings.Contains(part, " to "):
		return "a link"
	case strings.HasSuffix(part, "-dapr"):
		return "a sidecar"
	default:
		return "a function"
	}
}

// Restrict leaves out the kinds that have no possible target, and returns an error if none is left.
func (c *Can) Restrict() error {
	wanted := c.Kinds
	c.Kinds = slices.DeleteFunc(slices.Clone(c.Kinds), func(k Kind) bool {
		switch k {
		case DiskFull:
			return len(c.Disks) == 0
		case Cut, Slow, Stall:
			return len(c.Links) == 0
		}
		return false
	})
	if len(c.Kinds) == 0 {
		return fmt.Errorf("none of these faults can be injected here: %s", list(wanted))
	}
	return nil
}

// Matching returns the kinds that have one of these words, separated by commas, in their description; all if there are no words.
func Matching(words string) ([]Kind, error) {
	if words == "" {
		return All(), nil
	}
	var some []Kind
	for word := range strings.SplitSeq(words, ",") {
		found := slices.DeleteFunc(All(), func(k Kind) bool { return word == "" || !strings.Contains(string(k), word) })
		if len(found) == 0 {
			return nil, fmt.Errorf("no fault has %q in its description; there are: %s", word, list(All()))
		}
		some = append(some, found...)
	}
	return slices.DeleteFunc(All(), func(k Kind) bool { return !slices.Contains(some, k) }), nil
}

func list(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, "; ")
}

// All returns the kinds of faults.
func All() []Kind {
	all := make([]Kind, len(weights))
	for i, w := range weights {
		all[i] = w.kind
	}
	return all
}
