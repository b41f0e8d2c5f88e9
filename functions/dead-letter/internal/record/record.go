// Package record reads the records of the topic dead-letters, and prepares events to be published again.
package record

import (
	"bytes"
	"encoding/json"
	"strings"

	"taskwire.dev/shared/deadletter"
)

// Read parses a record of the topic dead-letters. A record without our extensions, such as one that Dapr published, is an event
// without further information.
func Read(record []byte) deadletter.DeadLetter {
	whole := deadletter.DeadLetter{Event: record}
	var e struct {
		deadletter.Extensions
		Type string `json:"type"`
		Data []byte `json:"data_base64"`
	}
	rest, ours := withoutMembers(record, deadletter.Prefix)
	if !ours || json.Unmarshal(record, &e) != nil {
		return whole
	}
	if e.Type == deadletter.TypeUnreadable {
		rest = e.Data
	}
	return deadletter.DeadLetter{
		ID: e.ID, Reason: e.Reason, Consumer: e.Consumer, Topic: e.Topic, Position: deadletter.ParsePosition(e.Partition, e.Offset),
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

// Redrive returns the event to publish to its topic again, unchanged except for the extension that names the consumer.
func Redrive(event []byte, consumer string) []byte {
	if consumer == "" || !json.Valid(event) || event[0] != '{' {
		return event
	}
	if members := bytes.TrimSpace(event[1:]); members[0] == '}' {
		return event
	}
	head, _ := json.Marshal(map[string]string{deadletter.ExtensionRedrive: consumer}) // a map of strings always marshals
	return append(append(head[:len(head)-1], ','), event[1:]...)
}

// Original undoes Redrive: an event that fails again is stored as it was the first time.
func Original(event []byte) []byte {
	if rest, ok := withoutMembers(event, deadletter.ExtensionRedrive); ok {
		return rest
	}
	return event
}
