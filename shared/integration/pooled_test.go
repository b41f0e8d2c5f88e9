package integration

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/postgres"
)

// pooledPool opens a pool of a role through PgBouncer in transaction mode, with more connections than PgBouncer has.
func pooledPool(t *testing.T, db pgtest.Database, role string) *postgres.Pool {
	t.Helper()
	if err := pgtest.Pooler(); errors.Is(err, pgtest.ErrNoPooler) {
		t.Skip(err) // make test runs these in a separate step
	} else if err != nil {
		t.Fatal(err)
	}
	pool, err := postgres.Open(t.Context(), postgres.Config{URL: db.Pooled(role), MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// TestPooled_NoUserSeesAnothers: clients share sessions by transaction, and whose rows are visible ends with it.
func TestPooled_NoUserSeesAnothers(t *testing.T) {
	t.Parallel()
	pool := pooledPool(t, pgtest.New(t), "taskwire_app")
	var work sync.WaitGroup
	for range 16 {
		work.Go(func() {
			who := uuid.New()
			for range 50 {
				var seen, left string
				err := pool.InTx(t.Context(), postgres.Platform, func(tx pgx.Tx) error {
					if _, err := tx.Exec(t.Context(), postgres.SetUser, who.String()); err != nil {
						return err
					}
					return tx.QueryRow(t.Context(), `SELECT current_app_user()::text`).Scan(&seen)
				})
				if err == nil {
					left, err = leftOver(t.Context(), pool)
				}
				if err != nil || seen != who.String() || left != "" {
					t.Errorf("saw %s as %s, and %q after the transaction: %v", seen, who, left, err)
					return
				}
			}
		})
	}
	work.Wait()
}

// leftOver is whose rows a session shows outside of a transaction.
func leftOver(ctx context.Context, pool *postgres.Pool) (string, error) {
	found, err := postgres.Collect(ctx, pool, postgres.Platform, pgx.RowTo[string], `SELECT coalesce(current_app_user()::text, '')`)
	if err != nil {
		return "", err
	}
	return found[0], nil
}

// TestPooled_RolesHaveTheSettings that a direct connection sets at its start, which a pooler refuses.
func TestPooled_RolesHaveTheSettings(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	for role, byKey := range map[string]bool{
		"taskwire_app": false, "taskwire_worker": false, "taskwire_auth": false, "taskwire_deadletter": false,
		"taskwire_outbox": true, "taskwire_stream": true,
	} {
		want := map[string]string{
			"lock_timeout": "3s", "idle_in_transaction_session_timeout": "30s", "TimeZone": "UTC",
			"plan_cache_mode": "auto", "enable_seqscan": "on",
		}
		if byKey {
			want["plan_cache_mode"], want["enable_seqscan"] = "force_generic_plan", "off"
		}
		pool := pooledPool(t, db, role)
		for name, value := range want {
			got, err := postgres.Collect(t.Context(), pool, postgres.Platform, pgx.RowTo[string], `SELECT current_setting($1)`, name)
			if err != nil || got[0] != value {
				t.Errorf("%s: %s is %q, want %q: %v", role, name, got, value, err)
			}
		}
	}
}
