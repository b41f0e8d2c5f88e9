package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// deadLetters is the topic of dead letters.
const deadLetters = "dead-letters"

// deadLettersPath is the administrators' route to them.
const (
	deadLettersPath = "/api/admin/dead-letters"
	usersPath       = "/api/admin/users"
)

// newAdmin registers an administrator with the operators' command.
func newAdmin(t *testing.T) *user {
	t.Helper()
	u := newUser(t)
	check.NoError(t, operate(t.Context(), "user", "role", u.Email, "admin"))
	u.session = check.Must(u.Login(t.Context(), u.Email, u.Password))(t)
	u.Client = u.As(u.session.AccessToken)
	return u
}

// letter is a dead letter.
type letter struct {
	ID       string  `json:"id"`
	Status   string  `json:"status"`
	Consumer *string `json:"consumer"`
	Topic    *string `json:"topic"`
	Reason   string  `json:"reason"`
	EventID  *string `json:"event_id"`
	Record   []byte  `json:"event_base64"`
}

func (u *user) letters(t *testing.T, query string) []letter {
	t.Helper()
	var page struct {
		Items []letter `json:"items"`
	}
	answer := do(t, u.Client, client.Request{Method: http.MethodGet, Path: deadLettersPath + query})
	check.NoError(t, answer.Decode("list", http.StatusOK, &page))
	return page.Items
}

// awaitLetter waits for a consumer's only dead letter, and returns it with its event.
func (u *user) awaitLetter(t *testing.T, consumer string, wanted func(letter) bool) letter {
	t.Helper()
	var found letter
	eventually.Within(t, timeout, "the dead letter of "+consumer, func() bool {
		letters := u.letters(t, "?consumer="+consumer)
		if len(letters) > 1 {
			t.Fatalf("%d letters: %+v", len(letters), letters)
		}
		if len(letters) == 0 || !wanted(letters[0]) {
			return false
		}
		found = letters[0]
		return true
	})
	answer := do(t, u.Client, client.Request{Method: http.MethodGet, Path: deadLettersPath + "/" + found.ID})
	check.NoError(t, answer.Decode("look", http.StatusOK, &found))
	return found
}

// publishDeadLetter publishes a record to the topic, as a consumer's sidecar does.
func publishDeadLetter(t *testing.T, record []byte, header ...kgo.RecordHeader) {
	t.Helper()
	kafka := check.Must(kgo.NewClient(kgo.SeedBrokers(strings.Split(brokers, ",")...), kgo.DefaultProduceTopic(deadLetters)))(t)
	defer kafka.Close()
	check.NoError(t, kafka.ProduceSync(t.Context(), &kgo.Record{Value: record, Headers: header}).FirstErr())
}

var structuredHeader = kgo.RecordHeader{Key: "content-type", Value: []byte("application/cloudevents+json")}

// TestDeadLetter_IsKeptLookedAtRedrivenAndDiscarded follows a dead letter through its whole life.
func TestDeadLetter_IsKeptLookedAtRedrivenAndDiscarded(t *testing.T) {
	t.Parallel()
	admin := newAdmin(t)
	admin.create(t, client.Fields{"title": "Poison"})
	original := awaitRecords(t, taskEvents, admin, 1)[0]
	event := original.Value
	consumer := "e2e-" + strings.ToLower(rand.Text())
	head := fmt.Sprintf(`{"deadletterid":%q,"deadletterreason":"invalid: poison","deadletterconsumer":%q,"deadlettertopic":"task-events","deadletterattempts":6,`, rand.Text(), consumer)
	record := append([]byte(head), event[1:]...)
	check.NoError(t, documents(t).CheckEvent(deadLetters, record))
	publishDeadLetter(t, record, structuredHeader)
	publishDeadLetter(t, record, structuredHeader) // a redelivery

	kept := admin.awaitLetter(t, consumer, func(letter) bool { return true })
	if kept.Status != "open" || kept.Reason != "invalid: poison" || *kept.Topic != taskEvents {
		t.Fatalf("kept %+v", kept)
	}
	expectEvent(t, kept.Record, event)
	path := deadLettersPath + "/" + kept.ID
	redrive := client.Request{Method: http.MethodPost, Path: path + "/redrive", Header: map[string]string{"Idempotency-Key": rand.Text()}}
	first := do(t, admin.Client, redrive)
	expectStatus(t, first, http.StatusOK)
	if again := do(t, admin.Client, redrive); !bytes.Equal(again.Body, first.Body) {
		t.Errorf("the same key returned %s", again.Body)
	}
	redriven := awaitRedriven(t, taskEvents, admin, consumer)
	want := append(fmt.Appendf(nil, `{"redriveconsumer":%q,`, consumer), event[1:]...)
	expectEvent(t, redriven.Value, want)
	if redriven.Partition != original.Partition {
		t.Errorf("redriven to partition %d", redriven.Partition)
	}
	expectStatus(t, do(t, admin.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNoContent)
	expectProblem(t, do(t, admin.Client, client.Request{Method: http.MethodGet, Path: path}), http.StatusNotFound)
	expectProblem(t, do(t, admin.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNotFound)
}

// awaitRedriven waits for the copy of a user's event that is sent to a consumer again. It has the id of the first one.
func awaitRedriven(t *testing.T, topic string, u *user, consumer string) (copied *kgo.Record) {
	t.Helper()
	_, err := openTopics(t).Await(check.Within(t, timeout), topic, u.ID, func(records []*kgo.Record) bool {
		for _, r := range records {
			var extensions struct {
				Consumer string `json:"redriveconsumer"`
			}
			if json.Unmarshal(r.Value, &extensions) == nil && extensions.Consumer == consumer {
				copied = r
				return true
			}
		}
		return false
	})
	check.NoError(t, err)
	return copied
}

// expectEvent compares events byte for byte, unless a KafkaSource delivers them, which turns attributes into headers.
func expectEvent(t *testing.T, got, want []byte) {
	t.Helper()
	same := bytes.Equal(got, want)
	if onCluster {
		var a, b any
		same = json.Unmarshal(got, &a) == nil && json.Unmarshal(want, &b) == nil && reflect.DeepEqual(a, b)
	}
	if !same {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestDeadLetter_WhatIsNoEventIsKept: Dapr moves a record that it cannot read to the topic unchanged.
func TestDeadLetter_WhatIsNoEventIsKept(t *testing.T) {
	t.Parallel()
	admin := newAdmin(t)
	nonsense := "\x00\xff " + rand.Text()
	publishDeadLetter(t, []byte(nonsense), kgo.RecordHeader{Key: "__topic", Value: []byte("reminders")})
	query := "?topic=reminders&limit=200"
	if onCluster { // a KafkaSource does not pass on Dapr's metadata of a record
		query = "?limit=200"
	}
	var found letter
	eventually.Within(t, timeout, "the letter", func() bool {
		for _, l := range admin.letters(t, query) {
			answer := do(t, admin.Client, client.Request{Method: http.MethodGet, Path: deadLettersPath + "/" + l.ID})
			check.NoError(t, answer.Decode("look", http.StatusOK, &found))
			if string(found.Record) == nonsense {
				return true
			}
		}
		return false
	})
	if found.EventID != nil || found.Consumer != nil {
		t.Errorf("%+v", found)
	}
	path := deadLettersPath + "/" + found.ID
	expectProblem(t, do(t, admin.Client, client.Request{Method: http.MethodPost, Path: path + "/redrive"}), http.StatusConflict)
	expectStatus(t, do(t, admin.Client, client.Request{Method: http.MethodDelete, Path: path}), http.StatusNoContent)
}

// TestDeadLetters_Queries: a list accepts known parameters only. The matrix tests who has access.
func TestDeadLetters_Queries(t *testing.T) {
	t.Parallel()
	admin := newAdmin(t)
	for _, query := range []string{"?limit=0", "?status=new", "?colour=red", "?cursor=x"} {
		expectProblem(t, do(t, admin.Client, client.Request{Method: http.MethodGet, Path: deadLettersPath + query}), http.StatusUnprocessableEntity)
	}
	// No internal route is reachable from outside.
	for _, path := range []string{"/internal/events/dead-letters", "/dead-letter"} {
		if answer := do(t, admin.Client, client.Request{Method: http.MethodPost, Path: path}); answer.Status/100 == 2 {
			t.Errorf("%s: %d", path, answer.Status)
		}
	}
}
