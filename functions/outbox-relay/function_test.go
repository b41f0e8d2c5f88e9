package function

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	runtimev1 "github.com/dapr/dapr/pkg/proto/runtime/v1"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"google.golang.org/grpc"

	"taskwire.dev/migrations/pgtest"
)

const appToken = "the sidecar's own"

// sidecar receives what is published, as daprd does.
type sidecar struct {
	runtimev1.UnimplementedDaprServer
	mu   sync.Mutex
	away bool
	got  map[string][]string // by topic
}

// BulkPublishEventAlpha1 implements runtimev1.DaprServer.
func (s *sidecar) BulkPublishEventAlpha1(_ context.Context, r *runtimev1.BulkPublishRequest) (*runtimev1.BulkPublishResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	res := &runtimev1.BulkPublishResponse{}
	for _, e := range r.GetEntries() {
		if s.away {
			res.FailedEntries = append(res.FailedEntries, &runtimev1.BulkPublishResponseFailedEntry{EntryId: e.GetEntryId(), Error: "the broker is away"})
			continue
		}
		s.got[r.GetTopic()] = append(s.got[r.GetTopic()], string(e.GetEvent()))
	}
	return res, nil
}

// bundle is a started function with its own database and sidecar.
type bundle struct {
	*Function
	sidecar *sidecar
	db      pgtest.Database
	owner   *pgx.Conn
}

func setup(t *testing.T) *bundle {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &bundle{Function: New(), sidecar: &sidecar{got: map[string][]string{}}, db: pgtest.New(t)}
	server := grpc.NewServer()
	runtimev1.RegisterDaprServer(server, b.sidecar)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	err = b.Start(t.Context(), map[string]string{
		"DATABASE_URL": b.db.URL("taskwire_outbox"), "APP_API_TOKEN": appToken,
		"DAPR_GRPC_PORT": strconv.Itoa(listener.Addr().(*net.TCPAddr).Port),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Stop(context.Background()) })
	b.owner = b.db.Connect(t, "taskwire_owner", "")
	return b
}

// tick sends a tick of a clock, with its path and token.
func (b *bundle) tick(path, token string) int {
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set("dapr-api-token", token)
	w := httptest.NewRecorder()
	b.Handle(w, r)
	return w.Code
}

// committed adds events of a user to the outbox, like a function that was killed before publishing them.
func (b *bundle) committed(t *testing.T, user uuid.UUID, age time.Duration, payloads ...string) {
	t.Helper()
	for _, p := range payloads {
		const add = `INSERT INTO outbox (shard, user_id, topic, payload, created_at) VALUES (0, $1, 'task-events', $2, now() - $3::interval)`
		if _, err := b.owner.Exec(t.Context(), add, user, []byte(p), age); err != nil {
			t.Fatal(err)
		}
	}
}

func (b *bundle) waiting(t *testing.T) (n int) {
	t.Helper()
	if err := b.owner.QueryRow(t.Context(), `SELECT count(*) FROM outbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestATickPublishesWhatAKilledFunctionLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := uuid.New(), uuid.New()
	var all []string
	for i := range 700 { // more than one batch
		all = append(all, fmt.Sprint("ada ", i))
	}
	b.committed(t, ada, time.Minute, all...)
	b.committed(t, bob, 0, "bob, whose function is about to publish it")
	for _, path := range []string{"/", "/cron-outbox-relay"} {
		if status := b.tick(path, appToken); status != http.StatusOK {
			t.Errorf("%s: %d", path, status)
		}
	}
	if got := b.sidecar.got["task-events"]; !slices.Equal(got, all) {
		t.Errorf("%d events were published, or not in their order", len(got))
	}
	if n := b.waiting(t); n != 1 {
		t.Errorf("%d events are left, want 1", n)
	}
}

func TestATickPurgesWhatHasExpired(t *testing.T) {
	t.Parallel()
	for name, away := range map[string]bool{"with a broker": false, "without": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.sidecar.away = away
			b.committed(t, uuid.New(), time.Minute, "event")
			user := uuid.New()
			for _, add := range []string{
				`INSERT INTO processed_event VALUES ('c', $1, gen_random_uuid(), now() - interval '15 days')`,
				`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1::uuid, $1, 'Ada', 'x', now())`,
				`INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1::uuid, gen_random_uuid(), now() - interval '8 days', now() - interval '1 day')`,
			} {
				if _, err := b.owner.Exec(t.Context(), add, user.String()); err != nil {
					t.Fatal(err)
				}
			}
			if status := b.tick("/", appToken); (status == http.StatusOK) == away {
				t.Errorf("%d", status)
			}
			var left, open int
			const count = `SELECT (SELECT count(*) FROM processed_event), (SELECT count(*) FROM account_deletion WHERE closed_at IS NULL)`
			if err := b.owner.QueryRow(t.Context(), count).Scan(&left, &open); err != nil || left != 0 || open != 0 {
				t.Errorf("%d expired rows are left, %d accounts are not closed, %v", left, open, err)
			}
		})
	}
}

func TestWithoutABrokerNothingIsLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.committed(t, uuid.New(), time.Minute, "event")
	b.sidecar.away = true
	b.tick("/", appToken)
	if n := b.waiting(t); n != 1 {
		t.Errorf("%d events wait, want 1", n)
	}
	b.sidecar.mu.Lock()
	b.sidecar.away = false
	b.sidecar.mu.Unlock()
	if status := b.tick("/", appToken); status != http.StatusOK || b.waiting(t) != 0 {
		t.Errorf("%d, %d events wait", status, b.waiting(t))
	}
}

func TestOnlyTheSidecarIsLetIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.committed(t, uuid.New(), time.Minute, "event")
	for _, path := range []string{"/", "/cron-outbox-relay"} {
		if status := b.tick(path, "a guess"); status != http.StatusNotFound {
			t.Errorf("%s by a stranger: %d", path, status)
		}
	}
	if n := b.waiting(t); n != 1 {
		t.Errorf("%d events wait, want 1", n)
	}
}

func TestWithoutADatabaseItIsNotReady(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if ready, err := b.Ready(t.Context()); !ready || err != nil {
		t.Errorf("ready %t, %v", ready, err)
	}
	b.db.Drop(t)
	if status := b.tick("/", appToken); status != http.StatusServiceUnavailable {
		t.Errorf("%d", status)
	}
	if ready, err := b.Ready(t.Context()); ready || err != nil {
		t.Errorf("ready %t, %v", ready, err)
	}
}

func TestLastBackup_IsTheNewestScheduledOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if at, made, err := b.lastBackup(t.Context()); made || err != nil {
		t.Fatalf("without any: %v %v %v", at, made, err)
	}
	newest := time.Now().Add(-time.Hour).Round(time.Microsecond)
	backups := b.db.Connect(t, "taskwire_backup", "")
	for _, at := range []time.Time{newest.Add(-24 * time.Hour), newest, newest.Add(-48 * time.Hour)} {
		if _, err := backups.Exec(t.Context(), `INSERT INTO backup_run (taken_at, bytes) VALUES ($1, 1)`, at); err != nil {
			t.Fatal(err)
		}
	}
	if at, made, err := b.lastBackup(t.Context()); !made || !at.Equal(newest) || err != nil {
		t.Fatalf("%v %v %v, want %v", at, made, err, newest)
	}
}
