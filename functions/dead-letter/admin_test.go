package function

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/token"
)

func (b *bundle) publishDeadLetter(t *testing.T, consumer, id string) {
	t.Helper()
	b.deliver(t, deadletter.DeadLetter{ID: uuid.NewString(), Consumer: consumer, Topic: "task-events", Reason: "poison", Attempts: 1, Event: event(id)}.Record())
}

func TestOnlyAdministratorsAreLetIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.publishDeadLetter(t, "mcp", "e1")
	one := "/api/admin/dead-letters/" + b.only(t).ID.String()
	_, person := b.account(t, "user")
	admin, _ := b.account(t, "admin")
	liar, _ := b.account(t, "user")
	pat := uuid.New()
	b.sql(t, `INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at, revoked_at) VALUES ($1, $2, 'x', '{}', now(), now() + interval '1 day', now())`, pat, admin)
	expired := b.issuer.Sign(t, admin, uuid.New(), token.KindSession, "admin", token.Scopes, time.Now().Add(-time.Hour), time.Now().Add(-time.Minute))
	for _, route := range []struct{ method, path, scope string }{
		{"GET", "/api/admin/pipeline", token.ScopeRead},
		{"GET", "/api/admin/traces/" + storedTrace, token.ScopeRead},
		{"GET", "/api/admin/alerts", token.ScopeRead},
		{"GET", "/api/admin/dead-letters", token.ScopeRead},
		{"GET", one, token.ScopeRead},
		{"POST", one + "/redrive", token.ScopeWrite},
		{"DELETE", one, token.ScopeWrite},
	} {
		other := token.ScopeRead
		if route.scope == other {
			other = token.ScopeMCP
		}
		for name, c := range map[string]struct {
			bearer string
			want   int
		}{
			"nobody":            {"", 401},
			"nonsense":          {"nonsense", 401},
			"an expired token":  {expired, 401},
			"a user":            {person, 403},
			"a demoted admin":   {b.sign(t, liar, uuid.New(), token.KindSession, "admin", token.Scopes...), 403},
			"the wrong scope":   {b.sign(t, admin, uuid.New(), token.KindSession, "admin", other), 403},
			"the sidecar alone": {appToken, 401},
			"a revoked token":   {b.sign(t, admin, pat, token.KindPersonal, "admin", token.Scopes...), 401},
		} {
			if status, body := b.send(t, route.method, route.path, "", "Authorization", "Bearer "+c.bearer, "dapr-api-token", appToken); status != c.want {
				t.Errorf("%s: %s %s: %d, want %d: %s", name, route.method, route.path, status, c.want, body)
			}
		}
		good := b.sign(t, admin, uuid.New(), token.KindSession, "admin", route.scope)
		if status, body := b.send(t, route.method, route.path, "", "Authorization", "Bearer "+good); status >= 300 {
			t.Errorf("an administrator: %s %s: %d %s", route.method, route.path, status, body)
		}
	}
}

func TestRedriveSendsTheOriginalToTheConsumerThatFailed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.publishDeadLetter(t, "recurring-spawn", "e1")
	path := "/api/admin/dead-letters/" + b.only(t).ID.String() + "/redrive"
	status, first := b.ask(t, "POST", path, "Idempotency-Key", "k")
	if status != 200 || !strings.Contains(first, `"status":"redriven"`) {
		t.Fatal(status, first)
	}
	if status, again := b.ask(t, "POST", path, "Idempotency-Key", "k"); status != 200 || again != first {
		t.Errorf("the same request again: %d %s", status, again)
	}
	out := b.outbox(t)
	if len(out) != 1 || out[0].Topic != "task-events" {
		t.Fatalf("%d sent: %+v", len(out), out)
	}
	if want := `{"redriveconsumer":"recurring-spawn",` + string(event("e1")[1:]); string(out[0].Payload) != want {
		t.Errorf("sent %s\nwant %s", out[0].Payload, want)
	}
	if status, _ := b.send(t, "POST", path, "another body", "Authorization", "Bearer "+b.admin, "Idempotency-Key", "k"); status != 422 {
		t.Errorf("the key for another request: %d", status)
	}
	if status, _ := b.ask(t, "POST", path); status != 200 || len(b.outbox(t)) != 2 {
		t.Errorf("without a key, once more: %d, %d sent", status, len(b.outbox(t)))
	}
	if status, _ := b.ask(t, "DELETE", strings.TrimSuffix(path, "/redrive")); status != 204 {
		t.Errorf("discarded: %d", status)
	}
	if status, again := b.ask(t, "POST", path, "Idempotency-Key", "k"); status != 200 || again != first {
		t.Errorf("the first answer is gone with the letter: %d %s", status, again)
	}
}

func TestWhereNobodyKnowsTheConsumerOrTheTopic(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.deliver(t, event("e1"), "__topic", "task-events")
	status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+b.only(t).ID.String()+"/redrive")
	if out := b.outbox(t); status != 200 || len(out) != 1 || string(out[0].Payload) != string(event("e1")) {
		t.Errorf("to everybody: %d %s, sent %+v", status, body, out)
	}
	foreign := strings.Replace(string(event("e2")), "task.completed", "com.example.other", 1)
	b.deliver(t, []byte(foreign))
	letters, _ := b.list(t, "?type=com.example.other")
	if len(letters) != 1 {
		t.Fatal(letters)
	}
	if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+letters[0].ID.String()+"/redrive"); status != 409 {
		t.Errorf("to nowhere: %d %s", status, body)
	}
}

// A forged dead letter can name any topic. It must not be redriven to one that does not exist: its outbox row could never be
// published and would block the rows behind it.
func TestWhatNamesAForeignTopicIsKeptAndNeverSent(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i, topic := range []string{"no-such-topic", "dead-letters"} {
		id := fmt.Sprint("e", i)
		l := deadletter.DeadLetter{ID: id, Consumer: "mcp", Topic: topic, Unavailable: true, Event: event(id)}
		b.deliver(t, l.Record())
	}
	letters, _ := b.list(t, "?status=open")
	if len(letters) != 2 {
		t.Fatalf("%+v", letters)
	}
	for _, l := range letters {
		if status, body := b.ask(t, "POST", "/api/admin/dead-letters/"+l.ID.String()+"/redrive"); status != 409 || !strings.Contains(body, *l.Topic) {
			t.Errorf("%d %s", status, body)
		}
	}
	if out := b.outbox(t); len(out) > 0 {
		t.Errorf("sent %+v", out)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for i := range 5 {
		b.publishDeadLetter(t, []string{"mcp", "recurring-spawn"}[i%2], fmt.Sprint(i))
	}
	var seen []string
	query := "?limit=2"
	for pages := 0; ; pages++ {
		letters, next := b.list(t, query)
		for _, l := range letters {
			seen = append(seen, *l.EventID)
		}
		if next == "" || pages > 5 {
			break
		}
		if pages == 0 {
			b.publishDeadLetter(t, "mcp", "late") // newer than the page: it must not shift the next one
		}
		query = "?limit=2&cursor=" + url.QueryEscape(next)
	}
	if got := strings.Join(seen, ""); got != "43210" {
		t.Errorf("pages show %s", got)
	}
	for query, want := range map[string]int{
		"?consumer=mcp": 4, "?consumer=nobody": 0, "?topic=task-events": 6, "?topic=reminders": 0, "?type=task.completed": 6,
		"?status=open": 6, "?status=redriven": 0, "?status=all": 6, "?status=open&consumer=recurring-spawn": 2,
	} {
		if letters, _ := b.list(t, query); len(letters) != want {
			t.Errorf("%s: %d letters, want %d", query, len(letters), want)
		}
	}
	for _, query := range []string{"?limit=0", "?limit=201", "?limit=x", "?status=new", "?cursor=x", "?colour=red", "?status=open&status=all", "?consumer=%00"} {
		if status, body := b.ask(t, "GET", "/api/admin/dead-letters"+query); status != 422 {
			t.Errorf("%s: %d %s", query, status, body)
		}
	}
	for _, path := range []string{uuid.NewString(), "nonsense"} {
		for _, method := range []string{"GET", "DELETE"} {
			if status, _ := b.ask(t, method, "/api/admin/dead-letters/"+path); status != 404 {
				t.Errorf("%s %s: %d", method, path, status)
			}
		}
		if status, _ := b.ask(t, "POST", "/api/admin/dead-letters/"+path+"/redrive"); status != 404 {
			t.Errorf("redrive %s: %d", path, status)
		}
	}
}
