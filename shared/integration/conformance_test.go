package integration

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/userlog/userlogtest"
)

func newDatabase(t testing.TB) userlogtest.Database { return pgtest.New(t) }

func TestConformance_ARequestWithAKey(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, newDatabase, userlogtest.Command{
		Role: "taskwire_app",
		Prepare: func(_ *testing.T, _ *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			create := userlog.Command(who, task.Create{Draft: userlogtest.Draft("new")}, ok)
			create.Key = idempotency.Key{Name: "key:" + uuid.NewString()}
			return func(ctx context.Context, _ *postgres.Pool, log *userlog.Log) error {
				_, err := log.Do(ctx, create)
				return err
			}
		},
	})
}

func TestConformance_EventsOfAConsumer(t *testing.T) {
	t.Parallel()
	userlogtest.Run(t, newDatabase, userlogtest.Command{
		Role: "taskwire_worker",
		Prepare: func(_ *testing.T, _ *userlogtest.Bundle, who token.Principal) userlogtest.Deliver {
			var changes []userlog.Change
			for range 3 {
				create := userlog.Command(who, task.Create{Draft: userlogtest.Draft("caused")}, nil)
				create.Cause = userlog.Cause{Consumer: "test", Source: "/s", ID: uuid.NewString()}
				changes = append(changes, create)
			}
			return func(ctx context.Context, _ *postgres.Pool, log *userlog.Log) error { return log.DoAll(ctx, changes) }
		},
	})
}
