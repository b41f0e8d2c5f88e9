package verdict

import (
	"slices"
	"strings"
	"testing"
)

// resetAt is how a stream begins that cannot resume.
func resetAt(epoch string, seq int64) []Frame {
	return []Frame{{Event: Hello, Epoch: epoch, Seq: seq}, {Event: Reset, Epoch: epoch, Seq: seq}}
}

// judged returns the violations of a sound run in which one stream is another. Change gets the frames of the sound stream: the greeting, and
// number n at place n.
func judged(change func(frames []Frame) []Frame) []Violation {
	told, seen := sound()
	seen.Streams[0] = change(seen.Streams[0])
	return Of(told, seen)
}

// TestReset_ExcusesWhatIsBeforeIt: the stream continues where the reset says.
func TestReset_ExcusesWhatIsBeforeIt(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func([]Frame) []Frame{
		"slow, and comes back there": func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], []Frame{{Event: Reset, Epoch: "e", Seq: 6}, {Event: Hello, Epoch: "e", Seq: 6}}, sound[7:])
		},
		"back to an earlier state": func(sound []Frame) []Frame {
			rest := slices.Clone(sound[4:])
			for i := range rest {
				rest[i].Epoch = "restored"
			}
			return slices.Concat(sound[:6], resetAt("restored", 3), rest)
		},
		"to the end of the log": func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("e", int64(len(sound)-1)))
		},
		"to a log without an entry": func(sound []Frame) []Frame {
			return slices.Concat(sound[:3], resetAt("0", 0), sound[1:])
		},
	} {
		if found := judged(change); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestReset_DoesNotExcuseWhatFollows(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		want   Kind
		says   string
		change func([]Frame) []Frame
	}{
		"leaves one out": {Gap, "delivers number 8 after 6", func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("e", 6), sound[8:])
		}},
		"repeats the last": {Doubled, "delivers number 6 after 6", func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("e", 6), sound[6:])
		}},
		"changes its epoch": {Gap, "delivers number 7 after 6", func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("other", 6), sound[7:])
		}},
		"comes back further on": {Gap, "was at 6 and is greeted at 8", func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("e", 6), []Frame{{Event: Hello, Epoch: "e", Seq: 8}}, sound[9:])
		}},
		"ends before the log does": {Lost, "ends at 6 of", func(sound []Frame) []Frame {
			return slices.Concat(sound[:4], resetAt("e", 6))
		}},
	} {
		found := judged(broken.change)
		if !slices.ContainsFunc(found, func(v Violation) bool { return v.Kind == broken.want && strings.Contains(v.Detail, broken.says) }) {
			t.Errorf("%s: not reported as %s (%s): %v", name, broken.want, broken.says, found)
		}
	}
}
