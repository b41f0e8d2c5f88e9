package load

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/e2e/client"
)

// hello, reset and change are frames of a stream at a position.
func hello(id string) client.Frame { return client.Frame{Event: "hello", ID: id} }
func reset(id string) client.Frame { return client.Frame{Event: "sync.reset", ID: id} }

func change(id string) client.Frame {
	_, seq, _ := position(id)
	return client.Frame{Event: "sync.task-changed", ID: id, Data: fmt.Appendf(nil, `{"user_id":"ada","seq":%d}`, seq)}
}

// listened returns what a listener reports after these streams, one after the other.
func listened(streams ...[]client.Frame) Report {
	l := NewListener(&User{ID: "ada"})
	for _, frames := range streams {
		for i, f := range frames {
			l.take(f, i == 0)
		}
	}
	return l.Report()
}

func TestListener_AcceptsWhatAStreamMayDo(t *testing.T) {
	t.Parallel()
	for name, streams := range map[string][][]client.Frame{
		"resumes":                       {{hello("e-0"), change("e-1")}, {hello("e-1"), change("e-2")}},
		"resets, and continues there":   {{hello("e-0"), change("e-1")}, {hello("e-6"), reset("e-6"), change("e-7")}},
		"resets a slow stream":          {{hello("e-0"), change("e-1"), reset("e-6")}, {hello("e-6"), change("e-7")}},
		"resets to an earlier state":    {{hello("e-0"), change("e-1"), change("e-2"), reset("f-1"), change("f-2")}},
		"begins before there is a log":  {{hello("0-0"), change("e-1")}},
		"resets to where no log is yet": {{hello("e-0"), change("e-1"), reset("0-0"), change("f-1")}},
	} {
		if r := listened(streams...); len(r.Wrong) > 0 {
			t.Errorf("%s: %q", name, r.Wrong)
		}
	}
}

func TestListener_FindsWhatAStreamMustNotDo(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]struct {
		says    string
		streams [][]client.Frame
	}{
		"leaves one out":                      {"e-3 follows e-1", [][]client.Frame{{hello("e-0"), change("e-1"), change("e-3")}}},
		"leaves one out after a reset":        {"e-8 follows e-6", [][]client.Frame{{hello("e-0"), reset("e-6"), change("e-8")}}},
		"repeats after a reset":               {"e-6 follows e-6", [][]client.Frame{{hello("e-0"), reset("e-6"), change("e-6")}}},
		"changes the epoch after a reset":     {"f-7 follows e-6", [][]client.Frame{{hello("e-0"), reset("e-6"), change("f-7")}}},
		"comes back elsewhere":                {"resumed at e-1", [][]client.Frame{{hello("e-0"), change("e-1")}, {hello("e-6"), change("e-7")}}},
		"comes back elsewhere after a reset":  {"resumed at e-6", [][]client.Frame{{hello("e-0"), reset("e-6")}, {hello("e-8"), change("e-9")}}},
		"comes back elsewhere, resets later":  {"resumed at e-1", [][]client.Frame{{hello("e-0"), change("e-1")}, {hello("e-6"), change("e-7"), reset("e-9")}}},
		"comes back with a reset and no more": {"sync.reset is the first", [][]client.Frame{{hello("e-0"), change("e-1")}, {reset("e-6")}}},
	} {
		r := listened(broken.streams...)
		if !slices.ContainsFunc(r.Wrong, func(w string) bool { return strings.Contains(w, broken.says) }) {
			t.Errorf("%s: not reported as %q: %q", name, broken.says, r.Wrong)
		}
	}
}

// TestListener_IsWhereAResetSays: what waits for the listener to catch up does not wait for the change after a reset.
func TestListener_IsWhereAResetSays(t *testing.T) {
	t.Parallel()
	if r := listened([]client.Frame{hello("e-0"), change("e-1"), reset("e-6")}); r.Seq != 6 || r.Resets != 1 {
		t.Errorf("at %d after %d resets", r.Seq, r.Resets)
	}
}
