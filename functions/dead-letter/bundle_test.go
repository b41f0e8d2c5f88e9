package function

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kfake"

	"taskwire.dev/functions/dead-letter/internal/store"
	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/redis/redistest"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
)

const appToken = "the sidecar's own"

// bundle is a started function with its own database and the events that it publishes to dead-letters.
type bundle struct {
	*Function
	published []deadletter.DeadLetter
	kafka     *kfake.Cluster
	redis     *redistest.Server
	db        pgtest.Database
	issuer    tokentest.Issuer
	admin     string // an administrator's token
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{db: pgtest.New(t), redis: redistest.New(t), issuer: tokentest.New(t), Function: New()}
	var err error
	if b.kafka, err = kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(3, "task-events", "task-updates"), kfake.SeedTopics(1, "reminders", "dead-letters")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.kafka.Close)
	stores := storesOfTelemetry(t)
	env := map[string]string{
		"DATABASE_URL": b.db.URL("taskwire_deadletter"), "APP_API_TOKEN": appToken,
		"REDIS_URL": b.redis.URL, "KAFKA_BROKERS": b.kafka.ListenAddrs()[0],
		"JAEGER_QUERY_URL": stores, "RULES_URL": stores,
		"CONSUMER_TOPICS": "dead-letter=dead-letters invoices=task-events mcp=task-events recurring-spawn=task-events reminder-fan-in=reminders",
	}
	maps.Copy(env, b.issuer.Env())
	if err := b.Start(t.Context(), env); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	b.topic = b
	_, b.admin = b.account(t, "admin")
	return b
}

// Publish implements consumer.DeadLetters.
func (b *bundle) Publish(_ context.Context, l deadletter.DeadLetter) error {
	b.published = append(b.published, l)
	return nil
}

// sink sends a request to the dead-letter sink, and delivers the published record to the function again, as Dapr does.
func (b *bundle) sink(t *testing.T, body string, header ...string) {
	t.Helper()
	before := len(b.published)
	if status, _ := b.send(t, "POST", "/", body, header...); status != 404 {
		t.Errorf("without the token: %d", status)
	}
	if status, answer := b.send(t, "POST", "/", body, append(header, "dapr-api-token", appToken)...); status != 204 {
		t.Fatalf("%d %s", status, answer)
	}
	if len(b.published) != before+1 {
		t.Fatalf("%d were published", len(b.published)-before)
	}
	b.deliver(t, b.published[before].Record())
}

// account creates a user with a role and a session.
func (b *bundle) account(t *testing.T, role string) (uuid.UUID, string) {
	t.Helper()
	user := uuid.Must(uuid.NewV7())
	b.sql(t, `INSERT INTO app_user (id, email, name, role, password_hash, created_at) VALUES ($1, $2, 'Ada', $3, '', now())`, user, user.String()+"@example.org", role)
	return user, b.sign(t, user, uuid.New(), token.KindSession, role, token.Scopes...)
}

func (b *bundle) sign(t *testing.T, user, id uuid.UUID, kind, role string, scopes ...string) string {
	t.Helper()
	return b.issuer.Sign(t, user, id, kind, role, scopes, time.Now(), time.Now().Add(10*time.Minute))
}

// sql runs a statement as the owner of the database.
func (b *bundle) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	if _, err := conn.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// sent returns the rows of the outbox.
type sent struct {
	Topic   string
	Payload []byte
}

func (b *bundle) outbox(t *testing.T) []sent {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), b.db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, err := conn.Query(t.Context(), `SELECT topic, payload FROM outbox ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[sent])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (b *bundle) send(t *testing.T, method, path, body string, header ...string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w.Code, w.Body.String()
}

// ask sends a request as the administrator.
func (b *bundle) ask(t *testing.T, method, path string, header ...string) (int, string) {
	t.Helper()
	return b.send(t, method, path, "", append(header, "Authorization", "Bearer "+b.admin)...)
}

// deliver delivers a record of the topic dead-letters, as Dapr does.
func (b *bundle) deliver(t *testing.T, record []byte, header ...string) {
	t.Helper()
	body := fmt.Sprintf(`{"id":%q,"specversion":"1.0","source":"Dapr","type":"com.dapr.event.sent","topic":"dead-letters","pubsubname":"pubsub","datacontenttype":"application/octet-stream","data_base64":%q}`,
		uuid.NewString(), base64.StdEncoding.EncodeToString(record))
	status, text := b.send(t, "POST", "/internal/events/dead-letters", body, append(header, "dapr-api-token", appToken)...)
	if status != 200 || text != "" {
		t.Fatalf("Dapr was answered with %d %s", status, text)
	}
}

// kept is a dead letter as in a response.
type kept struct {
	store.DeadLetter
	Event  json.RawMessage `json:"event"`
	Record []byte          `json:"event_base64"`
}

func (b *bundle) list(t *testing.T, query string) (letters []kept, next string) {
	t.Helper()
	status, text := b.ask(t, "GET", "/api/admin/dead-letters"+query)
	var p struct {
		Items []kept
		Next  *string `json:"next_cursor"`
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil || status != 200 || p.Items == nil {
		t.Fatalf("%d %s", status, text)
	}
	if p.Next != nil {
		next = *p.Next
	}
	return p.Items, next
}

func (b *bundle) look(t *testing.T, id uuid.UUID) kept {
	t.Helper()
	status, text := b.ask(t, "GET", "/api/admin/dead-letters/"+id.String())
	var k kept
	if err := json.Unmarshal([]byte(text), &k); err != nil || status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	return k
}

// only returns the only dead letter, with its event.
func (b *bundle) only(t *testing.T) kept {
	t.Helper()
	letters, _ := b.list(t, "")
	if len(letters) != 1 {
		t.Fatalf("%d letters, want 1: %+v", len(letters), letters)
	}
	return b.look(t, letters[0].ID)
}

const user = "019aa8ef-1000-7b20-9c3d-4e5f60718293"

// event is an event as in a topic, with a number that only a byte-for-byte copy preserves.
func event(id string) []byte {
	return fmt.Appendf(nil, `{"specversion":"1.0","id":%q,"source":"/users/%s/tasks","type":"task.completed","subject":"t1","partitionkey":"%s","data":{"n": 12345678901234567890}}`, id, user, user)
}

// text reads an optional member.
func text(s *string) string {
	if s == nil {
		return "(null)"
	}
	return *s
}
