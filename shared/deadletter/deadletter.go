// Package deadletter is about events that a consumer refused or gave up on: what is known of each, and how it
// travels to the function that keeps them.
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

// Letter is an event that a consumer did not handle.
type Letter struct {
	ID       string // of this failure, so that a second delivery of the letter is known for one; empty when Dapr sent it
	Consumer string // the function; empty when nobody knows
	Topic    string // where the event came from; empty when nobody knows
	// Position is where in the topic; nil when nobody knows.
	Position *Position
	Reason   string
	// Unavailable says that the consumer gave no verdict: it was not there, or not able to work. The event is good as far as
	// anybody knows.
	Unavailable bool
	Attempts    int    // how often it was delivered; 0 when nobody counted
	Event       []byte // the record as the topic had it, byte for byte, whatever it is
}

// Position is where in its topic a record is.
type Position struct {
	Partition int32
	Offset    int64
}

// ParsePosition reads a position as headers and metadata have it; nil where they do not.
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

// maxReason is the most bytes of a reason that travel.
const maxReason = 1000

// TypeUnreadable is the type of the event that carries a record which is no event by itself.
const TypeUnreadable = "deadletter.unreadable"

// extensions are what a record of the topic has in front of the event's own members. Their names all begin
// alike, so that Read knows where the event itself begins.
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

// unreadable is the CloudEvent around a record that cannot have extensions of its own.
type unreadable struct {
	extensions
	SpecVersion string `json:"specversion"`
	ID          string `json:"id"`
	Source      string `json:"source"`
	Type        string `json:"type"`
	ContentType string `json:"datacontenttype"`
	Data        []byte `json:"data_base64"`
}

// Record returns what the topic dead-letters gets: the event with extensions whose names begin with deadletter before its
// own members, which stay as they are.
func (l Letter) Record() []byte {
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

// ExtensionRedrive names, in an event that is redriven, the one consumer that is to handle it. The others have
// done so, and those that do nothing but tell the world could not take it back.
const ExtensionRedrive = "redriveconsumer"

// Redrive returns the event for its topic, once more: as it is, but for the extension that tells whom it is for.
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

// Original undoes Redrive: an event that fails again is kept as it was the first time.
func Original(event []byte) []byte {
	if rest, ok := withoutMembers(event, ExtensionRedrive); ok {
		return rest
	}
	return event
}

// extensible reports whether members can be put before those of the event, and be told apart from them.
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

// Read reads a record of the topic dead-letters. A record without our extensions, such as one that Dapr put
// there by itself, is an event of which nothing else is known.
func Read(record []byte) Letter {
	whole := Letter{Event: record}
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
	return Letter{
		ID: e.ID, Reason: e.Reason, Consumer: e.Consumer, Topic: e.Topic, Position: ParsePosition(e.Partition, e.Offset),
		Attempts: e.Attempts, Unavailable: e.Unavailable, Event: rest,
	}
}

// withoutMembers cuts the members whose names begin so off the beginning of a JSON object.
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

// shorten keeps a reason within its limit, and valid UTF-8.
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
