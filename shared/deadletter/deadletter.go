// Package deadletter defines dead letters, events that a consumer refused or gave up on, and encodes them for the function that
// stores them.
package deadletter

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
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

// Extensions precede the event's members in a record of the topic. Their names share a prefix, so that the reader knows where the
// event begins.
type Extensions struct {
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

// Prefix is the beginning of the names of all Extensions.
const Prefix = "deadletter"

// unreadable is the CloudEvent around a record to which extensions cannot be added.
type unreadable struct {
	Extensions
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
	own := Extensions{
		ID: l.ID, Reason: fault.Cut(strings.ToValidUTF8(l.Reason, "\uFFFD"), maxReason),
		Consumer: l.Consumer, Topic: l.Topic, Attempts: l.Attempts, Unavailable: l.Unavailable,
	}
	if l.Position != nil {
		own.Partition, own.Offset = strconv.Itoa(int(l.Position.Partition)), strconv.FormatInt(l.Position.Offset, 10)
	}
	if !extensible(l.Event) {
		sum := sha256.Sum256(l.Event)
		return encode(unreadable{
			Extensions: own, SpecVersion: "1.0", ID: hex.EncodeToString(sum[:]), Source: "/consumers/" + l.Consumer,
			Type: TypeUnreadable, ContentType: "application/octet-stream", Data: l.Event,
		})
	}
	head := encode(own)
	return append(append(head[:len(head)-1], ','), l.Event[1:]...)
}

// ExtensionRedrive names, in a redriven event, the one consumer that must handle it. The others already have, and some have
// effects outside that cannot be undone.
const ExtensionRedrive = "redriveconsumer"

// extensible reports whether members can be added before those of the event and removed again.
func extensible(event []byte) bool {
	if !json.Valid(event) || event[0] != '{' {
		return false
	}
	first, empty := firstMember(event)
	return !empty && !strings.HasPrefix(first, Prefix)
}

func firstMember(object []byte) (name string, empty bool) {
	d := json.NewDecoder(bytes.NewReader(object))
	_, _ = d.Token() // the brace
	token, _ := d.Token()
	name, ok := token.(string)
	return name, !ok
}

func encode(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // our own types always marshal
	}
	return b
}
