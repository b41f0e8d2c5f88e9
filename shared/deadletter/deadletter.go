// Package deadletter defines dead letters, events that a consumer refused or gave up on, and their encoding on the way to the
// function that stores them.
package deadletter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// DeadLetter is an event that a consumer could not process.
type DeadLetter struct {
	ID       string // of this failure, so that a redelivery is recognized; empty when Dapr sent it
	Consumer string // the function; empty if unknown
	Topic    string // of the event; empty if unknown
	// Position is the position in the topic; nil if unknown.
	Position *Position
	Reason   string
	// Unavailable says that the consumer did not decide about the event, because it or something that it needs was unavailable.
	// The event may be fine.
	Unavailable bool
	Attempts    int    // how often it was delivered; 0 if unknown
	Event       []byte // the record as in the topic, byte for byte, even if it is not an event
}

// Position is the position of a record in its topic.
type Position struct {
	Partition int32
	Offset    int64
}

// ParsePosition parses a position from headers or metadata; nil if it is missing or malformed.
func ParsePosition(partition, offset string) *Position {
	p, err := strconv.ParseInt(partition, 10, 32)
	if err != nil || p < 0 {
		return nil
	}
	o, err := strconv.ParseInt(offset, 10, 64)
	if err != nil || o < 0 {
		return nil
	}
	return &Position{Partition: int32(p), Offset: o}
}

// maxReason is the maximal length of a reason in bytes.
const maxReason = 1000

// TypeUnreadable is the type of the event that carries a record which is not an event.
const TypeUnreadable = "deadletter.unreadable"

// extensions precede the event's members in a record of the topic. Their names share a prefix, so that Read knows where the event
// begins.
type extensions struct {
	ID       string `json:"deadletterid"`
	Reason   string `json:"deadletterreason"`
	Consumer string `json:"deadletterconsumer"`
	Topic    string `json:"deadlettertopic"`
	Attempts int    `json:"deadletterattempts"`
	// As text: a CloudEvents integer has 32 bits, and an offset has 64.
	Partition   string `json:"deadletterpartition,omitempty"`
	Offset      string `json:"deadletteroffset,omitempty"`
	Unavailable bool   `json:"deadletterunavailable,omitempty"`
}

const prefix = "deadletter"

// unreadable is the CloudEvent around a record to which extensions cannot be added.
type unreadable struct {
	extensions
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	ContentType string `json:"datacontenttype"`
	Data        []byte `json:"data_base64"`
}

// Record returns the record for the topic dead-letters: the event with extensions whose names begin with "deadletter" before its
// members, which are unchanged.
func (l DeadLetter) Record() []byte {
	own := extensions{
		ID: l.ID, Reason: shorten(l.Reason), Consumer: l.Consumer, Topic: l.Topic, Attempts: l.Attempts, Unavailable: l.Unavailable,
	}
	if l.Position != nil {
		own.Partition, own.Offset = strconv.Itoa(int(l.Position.Partition)), strconv.FormatInt(l.Position.Offset, 10)
	}
	if !extensible(l.Event) {
		sum := sha256.Sum256(l.Event)
		return encode(unreadable{
			extensions: own, SpecVersion: "1.0", ID: hex.EncodeToString(sum[:]), Source: "/consumers/" + l.Consumer,
			Type: TypeUnreadable, ContentType: "application/octet-stream", Data: l.Event,
		})
	}
	head := encode(own)
	return append(append(head[:len(head)-1], ','), l.Event[1:]...)
}

// ExtensionRedrive names, in a redriven event, the one consumer that must handle it. The others already have, and some have
// effects outside that cannot be undone.
const ExtensionRedrive = "redriveconsumer"

// Redrive returns the event to publish to its topic again, unchanged except for the extension that names the consumer.
func Redrive(event []byte, consumer string) []byte {
	if consumer == "" || !json.Valid(event) || event[0] != '{' {
		return event
	}
	if _, empty := firstMember(event); empty {
		return event
	}
	head := encode(map[string]string{ExtensionRedrive: consumer})
	return append(append(head[:len(head)-1], ','), event[1:]...)
}

// Original undoes Redrive: an event that fails again is stored as it was the first time.
func Original(event []byte) []byte {
	if rest, ok := withoutMembers(event, ExtensionRedrive); ok {
		return rest
	}
	return event
}

// extensible reports whether members can be added before those of the event and removed again.
func extensible(event []byte) bool {
	if !json.Valid(event) || event[0] != '{' {
		return false
	}
	first, empty := firstMember(event)
	return !empty && !strings.HasPrefix(first, prefix)
}

func firstMember(object []byte) (name string, empty bool) {
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // the brace
	token, _ := d.Token()
	name, ok := token.(string)
	return name, !ok
}

// Read parses a record of the topic dead-letters. A record without our extensions, such as one that Dapr published, is an event
// without further information.
func Read(record []byte) DeadLetter {
	whole := DeadLetter{Event: record}
	var e struct {
		extensions
		Type string `json:"type"`
		Data []byte `json:"data_base64"`
	}
	rest, ours := withoutMembers(record, prefix)
	if !ours || json.Unmarshal(record, &e) != nil {
		return whole
	}
	if e.Type == TypeUnreadable {
		rest = e.Data
	}
	return DeadLetter{
		ID: e.ID, Reason: e.Reason, Consumer: e.Consumer, Topic: e.Topic, Position: ParsePosition(e.Partition, e.Offset),
		Attempts: e.Attempts, Unavailable: e.Unavailable, Event: rest,
	}
}

// withoutMembers removes the leading members of a JSON object whose names have the prefix.
func withoutMembers(object []byte, prefix string) (rest []byte, cut bool) {
	if !json.Valid(object) || object[0] != '{' {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // the brace
	at := int64(0)
	for d.More() {
		name, err := d.Token()
		if s, ok := name.(string); err != nil || !ok || !strings.HasPrefix(s, prefix) {
			break
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			break
		}
		at, cut = d.InputOffset(), true
	}
	if !cut || object[at] != ',' {
		return nil, false
	}
	return append([]byte{'{'}, object[at+1:]...), true
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types always marshal
	}
	return b
}

// shorten limits a reason, and keeps it valid UTF-8.
func shorten(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxReason {
		return s
	}
	cut := maxReason
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
