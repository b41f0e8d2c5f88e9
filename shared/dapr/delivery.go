package dapr

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/httpapi"
)

// Status tells the sidecar what became of a record.
type Status string

const (
	Success Status = "SUCCESS"
	// Retry has the record delivered again after a while, as dapr/base/resiliency.yaml says, and sends it to the
	// subscription's dead-letter topic when that does not help.
	Retry Status = "RETRY"
	// Drop has the record not delivered again. Where a dead-letter topic is configured do not rely on it for a
	// bulk: Dapr 1.18 then ignores that publishing there failed, and after a retry it takes the wrong record
	// (pkg/runtime/subscription/postman/http, DeliverBulk, indexes what is left by the place in what was).
	Drop Status = "DROP"
)

// Delivery is what a sidecar brings to the route of a subscription: one record, or many from a bulk subscription.
type Delivery struct {
	// Records are the values of the records in the topic's order. They are what the topic has, byte for byte,
	// when the subscription's metadata has rawPayload "true"; else Dapr may have written them anew.
	Records [][]byte
	// Positions are where in the topic the records are; nil where the sidecar does not say.
	Positions []*deadletter.Position
	bulk      bool
	ids       []string
}

// envelope is a bulk, or the event that Dapr puts around a single raw record.
type envelope struct {
	Entries []struct {
		ID    string          `json:"entryId"`
		Event json.RawMessage `json:"event"`
		// Metadata has what the broker's component knows of the record.
		Metadata struct {
			Partition string `json:"__partition"`
			Offset    string `json:"__offset"`
		} `json:"metadata"`
	} `json:"entries"`
	Type   string  `json:"type"`
	PubSub string  `json:"pubsubname"`
	Base64 *[]byte `json:"data_base64"`
}

// typeRaw is the type of the event that Dapr makes of a record that it was told not to read.
const typeRaw = "com.dapr.event.sent"

// ReadDelivery reads the body of r, at most limit bytes. Whether a record is an event is for the caller to see.
func ReadDelivery(w http.ResponseWriter, r *http.Request, limit int64) (Delivery, error) {
	body, err := httpapi.ReadBody(w, r, limit)
	if err != nil {
		return Delivery{}, err
	}
	position := []*deadletter.Position{deadletter.ParsePosition(r.Header.Get("__partition"), r.Header.Get("__offset"))}
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return Delivery{Records: [][]byte{body}, Positions: position}, nil
	}
	if e.Entries == nil {
		if e.Type == typeRaw && e.PubSub != "" && e.Base64 != nil {
			body = *e.Base64
		}
		return Delivery{Records: [][]byte{body}, Positions: position}, nil
	}
	n := len(e.Entries)
	d := Delivery{bulk: true, Records: make([][]byte, n), Positions: make([]*deadletter.Position, n), ids: make([]string, n)}
	for i, entry := range e.Entries {
		d.ids[i], d.Records[i] = entry.ID, value(entry.Event)
		d.Positions[i] = deadletter.ParsePosition(entry.Metadata.Partition, entry.Metadata.Offset)
	}
	return d, nil
}

// value is the record in a bulk's entry: an event, or the record in base64 when Dapr was told not to read it.
func value(event json.RawMessage) []byte {
	var encoded string
	if len(event) > 0 && event[0] == '"' && json.Unmarshal(event, &encoded) == nil {
		if raw, err := base64.StdEncoding.DecodeString(encoded); err == nil {
			return raw
		}
	}
	return event
}

// Answer tells the sidecar the status of each record, in their order.
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
