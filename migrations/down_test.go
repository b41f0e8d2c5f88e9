package migrations_test

import (
	"bytes"
	"os"
	"testing"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

// A way back without a transaction that is killed before its end is not recorded. It is repeated, from its first statement on.
func TestDownWithoutTransaction_CanBeRepeated(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	provider, err := migrations.Provider(db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer provider.Close()
	owner := db.Connect(t, "taskwire_owner", "")
	sources := provider.ListSources()
	repeated := 0
	for i := len(sources) - 1; i >= 0; i-- {
		source := sources[i]
		if _, err := provider.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(source.Path)
		if os.IsNotExist(err) {
			continue // in Go
		}
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(text, []byte("+goose NO TRANSACTION")) {
			continue
		}
		repeated++
		if _, err := owner.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, true)`, source.Version); err != nil {
			t.Fatal(err)
		}
		if _, err := provider.Down(t.Context()); err != nil {
			t.Errorf("%s: the second time: %v", source.Path, err)
		}
	}
	if repeated == 0 {
		t.Error("no migration has no transaction")
	}
	if _, err := provider.Up(t.Context()); err != nil {
		t.Errorf("forward again: %v", err)
	}
}

// Going back forgets no account that is to be deleted: nothing would erase it.
func TestDownFromAccountDeletion_RefusesWhileThereAreSome(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	provider := at(t, db, 20261128191400)
	owner := db.Connect(t, "taskwire_owner", "")
	exec := func(sql string) {
		t.Helper()
		if _, err := owner.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', 'x', now())`)
	exec(`INSERT INTO account_deletion (user_id, id, requested_at, closes_at) SELECT id, gen_random_uuid(), now(), now() + interval '7 days' FROM app_user`)
	if _, err := provider.Down(t.Context()); err == nil {
		t.Fatal("the deletion is forgotten")
	}
	if !one(t, owner, `SELECT EXISTS (SELECT FROM account_deletion)`) {
		t.Error("the deletion is gone")
	}
	exec(`DELETE FROM account_deletion`)
	exec(`INSERT INTO mail_queue (id, email, kind, created_at, next_at)
SELECT gen_random_uuid(), kind || '@example.com', kind, now(), now() FROM unnest(ARRAY['deletion', 'reset']) AS kind`)
	if _, err := provider.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !one(t, owner, `SELECT array_agg(email) = '{reset@example.com}' FROM mail_queue`) {
		t.Error("mail about a deletion would become a link to a new password")
	}
}
