package dapr

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"

	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/httpapi"
)

// Status tells the sidecar the result for a record.
type Status string

// Dapr's statuses.
const (
	Success Status = "SUCCESS"
	// Retry makes the sidecar redeliver the record after the backoff of dapr/base/resiliency.yaml, without limit.
	Retry Status = "RETRY"
	// Drop means that the record is not redelivered. With a dead-letter topic, do not rely on it in a bulk: Dapr 1.18 ignores
	// errors of publishing there, and after a retry it takes the wrong record (DeliverBulk in
	// pkg/runtime/subscription/postman/http indexes the remaining records with positions in the original list).
	Drop Status = "DROP"
)

// Delivery is what a sidecar posts to the route of a subscription: one record, or many from a bulk subscription.
type Delivery struct {
	// Records are the values of the records in the topic's order. With rawPayload "true" in the subscription's metadata they
	// equal the topic's, byte for byte; otherwise Dapr may have re-encoded them.
	Records [][]byte
	// Positions are the positions of the records in the topic; nil if the sidecar does not send them.
	Positions []*deadletter.Position
	bulk      bool
	ids       []string
}

// envelope is the event in which Dapr wraps a single raw record.
type envelope struct {
	Type   string  `json:"type"`
	PubSub string  `json:"pubsubname"`
	Base64 *[]byte `json:"data_base64"`
}

// typeRaw is the type of that event.
const typeRaw = "com.dapr.event.sent"

// ReadDelivery reads the body of r, at most limit bytes. It does not check whether a record is an event.
func ReadDelivery(w http.ResponseWriter, r *http.Request, limit int64) (Delivery, error) {
	body, err := httpapi.ReadBody(w, r, limit)
	if err != nil {
		return Delivery{}, err
	}
	if d, ok := readBulk(body); ok {
		return d, nil
	}
	var e envelope
	if json.Unmarshal(body, &e) == nil && e.Type == typeRaw && e.PubSub != "" && e.Base64 != nil {
		body = *e.Base64
	}
	position := deadletter.ParsePosition(r.Header.Get("__partition"), r.Header.Get("__offset"))
	return Delivery{Records: [][]byte{body}, Positions: []*deadletter.Position{position}}, nil
}

// readBulk reads the body of a bulk. A hundred records may have megabytes, so the records share memory with it.
func readBulk(body []byte) (Delivery, bool) {
	d := Delivery{bulk: true}
	found := false
	tokens := jsontext.NewDecoder(bytes.NewBuffer(body), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	err := members(tokens, func(name string) error {
		if name != "entries" || tokens.PeekKind() != jsontext.KindBeginArray {
			return tokens.SkipValue()
		}
		found = true
		return d.readEntries(tokens, body)
	})
	if err != nil || !found {
		return Delivery{}, false
	}
	for i, event := range d.Records {
		d.Records[i] = value(event)
	}
	return d, true
}

func (d *Delivery) readEntries(tokens *jsontext.Decoder, body []byte) error {
	_, err := tokens.ReadToken()
	for err == nil && tokens.PeekKind() != jsontext.KindEndArray {
		var id, partition, offset string
		var event []byte
		err = members(tokens, func(name string) error {
			switch name {
			case "entryId":
				token, err := tokens.ReadToken()
				id = token.String()
				return err
			case "event":
				length, err := tokens.ReadValue()
				end := tokens.InputOffset()
				event = body[end-int64(len(length)) : end : end]
				return err
			case "metadata": // from the broker's component
				var known struct {
					Partition string `json:"__partition"`
					Offset    string `json:"__offset"`
				}
				text, err := tokens.ReadValue()
				if err == nil && json.Unmarshal(text, &known) == nil {
					partition, offset = known.Partition, known.Offset
				}
				return err
			default:
				return tokens.SkipValue()
			}
		})
		d.ids, d.Records = append(d.ids, id), append(d.Records, event)
		d.Positions = append(d.Positions, deadletter.ParsePosition(partition, offset))
	}
	if err == nil {
		_, err = tokens.ReadToken()
	}
	return err
}

// members calls read with the name of each member of an object; read must read the value.
func members(tokens *jsontext.Decoder, read func(name string) error) error {
	if kind := tokens.PeekKind(); kind != jsontext.KindBeginObject {
		return fmt.Errorf("%v instead of an object", kind)
	}
	_, err := tokens.ReadToken()
	for err == nil && tokens.PeekKind() != jsontext.KindEndObject {
		var name jsontext.Token
		if name, err = tokens.ReadToken(); err == nil {
			err = read(name.String())
		}
	}
	if err == nil {
		_, err = tokens.ReadToken()
	}
	return err
}

// value returns the record in a bulk's entry: an event, or with rawPayload the record in base64, which is decoded in place.
func value(event []byte) []byte {
	if len(event) < 2 || event[0] != '"' {
		return event
	}
	text := event[1 : len(event)-1]
	if padding := len(text) - len(bytes.TrimRight(text, "=")); len(text)%4 != 0 || padding > 2 || !inAlphabet(text[:len(text)-padding]) {
		return event
	}
	n, err := base64.StdEncoding.Decode(text, text)
	if err != nil {
		return event // cannot happen: the text was checked
	}
	return text[:n:n]
}

func inAlphabet(text []byte) bool {
	for _, c := range text {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '/') {
			return false
		}
	}
	return true
}

// Answer sends the sidecar the status of each record, in order.
func (d Delivery) Answer(w http.ResponseWriter, statuses []Status) {
	type verdict struct {
		ID     string `json:"entryId,omitempty"`
		Status Status `json:"status"`
	}
	if d.bulk {
		verdicts := make([]verdict, len(statuses))
		for i, status := range statuses {
			verdicts[i] = verdict{d.ids[i], status}
		}
		httpapi.WriteJSON(w, http.StatusOK, map[string][]verdict{"statuses": verdicts})
		return
	}
	switch statuses[0] {
	case Success:
		w.WriteHeader(http.StatusOK) // no body: Dapr would look for a status in it
	case Retry:
		w.WriteHeader(http.StatusServiceUnavailable)
	default:
		httpapi.WriteJSON(w, http.StatusOK, verdict{Status: statuses[0]})
	}
}
