package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

const pathDeletion = "/api/auth/deletion"

// deletesAt is when the account will be deleted, "" if it will not.
func (u *user) deletesAt(t *testing.T) string {
	t.Helper()
	var me struct {
		DeletesAt string `json:"deletes_at"`
	}
	check.NoError(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/auth/me"}).Decode("me", http.StatusOK, &me))
	return me.DeletesAt
}

func TestDeletion_IsUndoneInTimeAndLeavesNothing(t *testing.T) {
	t.Parallel()
	if onCluster {
		t.Skip("in a cluster the pod that runs this suite has no access to the database as its owner, which shortens the waiting time")
	}
	u := newUser(t)
	events := openTopics(t)
	check.Must(u.CreateTask(t.Context(), client.Fields{"title": "Soon gone"}))(t)
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/preferences"}), http.StatusOK)
	call[map[string]any](t, u.newAssistant(t), "recent_changes", client.Fields{}) // mcp keeps a context

	expectProblem(t, do(t, u.Client, post(pathDeletion, client.Fields{"password": "not my password"})), http.StatusUnprocessableEntity, "/password")
	request := func() string {
		t.Helper()
		expectStatus(t, do(t, u.Client, post(pathDeletion, client.Fields{"password": u.Password})), http.StatusOK)
		return u.deletesAt(t)
	}
	first := request()
	if first == "" || request() != first {
		t.Errorf("it will be deleted at %q, and after a second request at %q", first, u.deletesAt(t))
	}
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodDelete, Path: pathDeletion}), http.StatusNoContent)
	if at := u.deletesAt(t); at != "" {
		t.Errorf("canceled, and it will be deleted at %s", at)
	}
	mailed := func(sentences ...string) {
		t.Helper()
		check.NoError(t, world.Again(check.Within(t, timeout), func() error {
			mails, err := mailOf(t.Context(), u.Email)
			if err != nil || len(mails) != len(sentences) {
				return fmt.Errorf("mail %q, %w", mails, err)
			}
			for _, sentence := range sentences {
				if !strings.Contains(strings.Join(mails, "\n"), sentence) {
					return fmt.Errorf("mail %q without %q", mails, sentence)
				}
			}
			return nil
		}))
	}
	mailed("will be deleted on")
	expectStatus(t, do(t, u.Client, client.Request{Method: http.MethodPut, Path: "/api/preferences", JSON: client.Fields{"language": "de"}}), http.StatusOK)
	request()
	mailed("will be deleted on", "Dein Taskwire-Konto wird am")

	values := check.Must(laptop())(t)
	owner := check.Must(pgx.Connect(t.Context(), values.Database["owner"]))(t)
	t.Cleanup(func() { _ = owner.Close(context.Background()) })
	exec := func(statement string) {
		t.Helper()
		check.Must(owner.Exec(t.Context(), statement, u.ID))(t)
	}
	// The seven days are over, and then the time for which access tokens are valid.
	exec(`UPDATE account_deletion SET closes_at = now() - interval '1 hour' WHERE user_id = $1`)
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		return status(t, u, http.StatusUnauthorized)
	}))
	exec(`UPDATE account_deletion SET closed_at = now() - interval '1 hour' WHERE user_id = $1`)
	check.Must(events.Await(check.Within(t, timeout), taskEvents, u.ID, func(records []*kgo.Record) bool {
		return len(records) > 0 && strings.Contains(string(records[len(records)-1].Value), "account.deleted")
	}))(t)

	for _, text := range []string{u.ID, u.Email} {
		check.NoError(t, world.Again(check.Within(t, timeout), func() error {
			tables, err := inTables(t.Context(), owner, text)
			if err != nil || len(tables) > 0 {
				return fmt.Errorf("%s is in the tables %v, %w", text, tables, err)
			}
			keys, err := values.InRedis(t.Context(), text)
			if err != nil || len(keys) > 0 {
				return fmt.Errorf("%s is in the keys %v, %w", text, keys, err)
			}
			return nil
		}))
	}
	for _, log := range check.Must(filepath.Glob(filepath.Join(values.StateDir, "logs", "*")))(t) {
		text := check.Must(os.ReadFile(log))(t)
		if strings.Contains(string(text), u.Email) {
			t.Errorf("%s has the email address", log)
		}
	}
	expectProblem(t, do(t, anybody(t), post("/api/auth/login", client.Fields{"email": u.Email, "password": u.Password})), http.StatusUnauthorized)
	expectStatus(t, do(t, anybody(t), post("/api/auth/register", client.Fields{"email": u.Email, "password": u.Password, "name": "Ada"})), http.StatusCreated)
}

// status reports an error unless the user's token has this status.
func status(t *testing.T, u *user, want int) error {
	t.Helper()
	if r := do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/auth/me"}); r.Status != want {
		return fmt.Errorf("status %d, want %d", r.Status, want)
	}
	return nil
}

// inTables lists the tables that have a text in any column, also as bytes.
func inTables(ctx context.Context, owner *pgx.Conn, text string) (found []string, err error) {
	rows, err := owner.Query(ctx, `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`)
	if err != nil {
		return nil, err
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		var there bool
		query := fmt.Sprintf(`SELECT EXISTS (SELECT FROM %s AS r WHERE position($1 IN r::text) > 0 OR position(encode(convert_to($1, 'UTF8'), 'hex') IN r::text) > 0)`, pgx.Identifier{table}.Sanitize())
		if err := owner.QueryRow(ctx, query, text).Scan(&there); err != nil {
			return nil, err
		}
		if there {
			found = append(found, table)
		}
	}
	return found, nil
}
