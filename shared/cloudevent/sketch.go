package cloudevent

import (
	"bytes"
	"strconv"

	"github.com/google/uuid"

	"taskwire.dev/shared/telemetry"
)

// Sketch is what can be told of an event of a user's log without decoding it: enough for a consumer that has no use for most, or for
// more.
type Sketch struct {
	Type   string
	UserID uuid.UUID
	record []byte
}

// A record of a task's event begins with these, and an id after the first and the second each.
const (
	beforeID     = `{"specversion":"1.0","id":"`
	beforeSource = `","source":"/users/`
	beforeType   = `/tasks","type":"`
	sizeID       = len("00000000-0000-0000-0000-000000000000")
)

// Glance returns the sketch of a record that begins as structured writes it. Of any other, ok is false: it must be decoded, even if
// it is the same event with its members in another order.
func Glance(record []byte) (s Sketch, ok bool) {
	rest, ok := bytes.CutPrefix(record, []byte(beforeID))
	if !ok || len(rest) < sizeID {
		return s, false
	}
	if rest, ok = bytes.CutPrefix(rest[sizeID:], []byte(beforeSource)); !ok || len(rest) < sizeID {
		return s, false
	}
	user, err := uuid.ParseBytes(rest[:sizeID])
	if err != nil {
		return s, false
	}
	if rest, ok = bytes.CutPrefix(rest[sizeID:], []byte(beforeType)); !ok {
		return s, false
	}
	end := bytes.IndexByte(rest, '"')
	if end < 0 {
		return s, false
	}
	return Sketch{string(rest[:end]), user, record}, true
}

// Sampled reports whether the event's trace is recorded.
func (s Sketch) Sampled() bool {
	_, rest, _ := bytes.Cut(s.record, []byte(`","traceparent":"`))
	traceparent, _, _ := bytes.Cut(rest, []byte(`"`))
	return telemetry.Sampled(string(traceparent))
}

// Seq returns the event's sequence number, or 0 if it cannot be found.
func (s Sketch) Seq() int64 {
	// The first is the attribute: what comes before are ids, a time and a link.
	_, rest, _ := bytes.Cut(s.record, []byte(`","sequence":"`))
	digits, _, _ := bytes.Cut(rest, []byte(`"`))
	seq, err := strconv.ParseInt(string(digits), 10, 64)
	if err != nil {
		return 0
	}
	return seq
}

// Lacks reports whether the event has no member of that name, at any depth, with a value other than null. It may be false for one
// that has none, such as a task whose tag is the name, but not true for one that has it: quotation marks in a string are escaped.
func (s Sketch) Lacks(member string) bool {
	name := []byte(`"` + member + `"`)
	return bytes.Count(s.record, name) == bytes.Count(s.record, append(name, ":null"...))
}
