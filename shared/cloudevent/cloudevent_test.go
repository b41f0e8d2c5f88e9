package cloudevent

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

func created(t *testing.T) task.Event {
	t.Helper()
	l := &task.Ledger{
		UserID: uuid.Must(uuid.NewV7()), Actor: "user:x", Now: time.Date(2026, 11, 1, 8, 0, 0, 123456000, time.UTC), Seq: 41,
		Traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", NewID: func() uuid.UUID { return uuid.Must(uuid.NewV7()) },
	}
	_, err := task.Create{Draft: task.Draft{Title: "Water <the> plants", Tags: []string{"garden"}}}.Apply(l)
	if err != nil {
		t.Fatal(err)
	}
	return l.Events()[0]
}

func TestEventsHaveTheAttributesOfTheContract(t *testing.T) {
	t.Parallel()
	e := created(t)
	for name, encode := range map[string]func(task.Event) []byte{"task.created": TaskEvent, TypeTaskChanged: TaskUpdate} {
		b := encode(e)
		var got cloudevents.Event
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, b)
		}
		if err := got.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		want := map[string]string{
			"id": e.ID.String(), "source": "/users/" + e.UserID.String() + "/tasks", "type": name, "subject": e.TaskID.String(),
			"time": "2026-11-01T08:00:00.123456Z", "datacontenttype": "application/json", "partitionkey": e.UserID.String(),
			"sequence": "00000000000000000042", "traceparent": e.Traceparent,
		}
		var raw map[string]any
		_ = json.Unmarshal(b, &raw)
		for attribute, value := range want {
			if raw[attribute] != value {
				t.Errorf("%s: %s = %v, want %s", name, attribute, raw[attribute], value)
			}
		}
		if seq := raw["data"].(map[string]any)["seq"]; seq != 42.0 {
			t.Errorf("%s: seq = %v", name, seq)
		}
	}
}

func TestDataRoundTrip(t *testing.T) {
	t.Parallel()
	e := created(t)
	e.Actor, e.Traceparent = "user:\"quoted\" \\ <and> \u2028 more", "not \"valid\""
	var got cloudevents.Event
	if err := json.Unmarshal(TaskEvent(e), &got); err != nil {
		t.Fatal(err)
	}
	if traceparent := got.Extensions()["traceparent"]; traceparent != e.Traceparent {
		t.Errorf("traceparent = %q", traceparent)
	}
	var data TaskEventData
	if err := json.Unmarshal(got.Data(), &data); err != nil {
		t.Fatal(err)
	}
	if data.Actor != e.Actor || data.ChangedFields["title"].To != "Water <the> plants" {
		t.Errorf("%+v", data)
	}
}

func TestDeletionHasNoTask(t *testing.T) {
	t.Parallel()
	e := created(t)
	l := &task.Ledger{UserID: e.UserID, Now: e.Time, Seq: e.Seq, NewID: uuid.New}
	l.Load(e.Row())
	if _, err := (task.Delete{ID: e.TaskID}).Apply(l); err != nil {
		t.Fatal(err)
	}
	if b := TaskEvent(l.Events()[0]); !json.Valid(b) || !strings.Contains(string(b), `"task":null`) {
		t.Errorf("%s", b)
	}
}

func TestInvalidEventsAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		header map[string]string
		body   string
		want   fault.Code
	}{
		"nothing":        {nil, "", fault.Malformed},
		"plain JSON":     {map[string]string{"Content-Type": "application/json"}, "{}", fault.Malformed},
		"no id":          {map[string]string{"Ce-Specversion": "1.0", "Ce-Type": "task.create", "Ce-Source": "/x"}, "{}", fault.Malformed},
		"version 0.3":    {map[string]string{"Ce-Specversion": "0.3", "Ce-Id": "1", "Ce-Type": "task.create", "Ce-Source": "/x"}, "{}", fault.Malformed},
		"version 9":      {map[string]string{"Ce-Specversion": "9", "Ce-Id": "1", "Ce-Type": "task.create", "Ce-Source": "/x"}, "{}", fault.Malformed},
		"bad time":       {map[string]string{"Ce-Specversion": "1.0", "Ce-Id": "1", "Ce-Type": "task.create", "Ce-Source": "/x", "Ce-Time": "now"}, "{}", fault.Malformed},
		"broken JSON":    {map[string]string{"Content-Type": StructuredJSON}, `{"specversion":"1.0",`, fault.Malformed},
		"a batch":        {map[string]string{"Content-Type": "application/cloudevents-batch+json"}, `[]`, fault.UnsupportedMedia},
		"an empty event": {map[string]string{"Content-Type": StructuredJSON}, `{}`, fault.Malformed},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
		for k, v := range c.header {
			r.Header.Set(k, v)
		}
		if _, err := FromRequest(httptest.NewRecorder(), r); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestPoisonIsNotRetriedAndOutagesAre(t *testing.T) {
	t.Parallel()
	for code, want := range map[fault.Code]int{
		fault.Invalid: 422, fault.Malformed: 422, fault.NotFound: 422, fault.Conflict: 422, fault.RateLimited: 429, fault.Unavailable: 503, fault.Internal: 503,
	} {
		if got := Status(fault.New(code, "x")); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
	if got := Status(nil); got != 204 {
		t.Errorf("success is answered with %d", got)
	}
	if got := Status(errors.New("what is this")); got != 503 {
		t.Errorf("an unknown error is answered with %d: it would be lost", got)
	}
}
