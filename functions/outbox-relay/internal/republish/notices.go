package republish

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
)

// notifyAgain adds the events of those notices about a user's account to the outbox that were written since a time and have no
// notification. They are in no log of the user.
func (r *Republisher) notifyAgain(ctx context.Context, user uuid.UUID, since time.Time) (n int64, err error) {
	ids, err := r.lostNotices(ctx, user, since)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	if err := r.room(ctx); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	err = r.pool.InTx(ctx, postgres.Platform, func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		if err := notice.QueueEvents(ctx, b, user, ids...); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err != nil {
		return 0, err
	}
	return int64(len(ids)), nil
}

func (r *Republisher) lostNotices(ctx context.Context, user uuid.UUID, since time.Time) ([]uuid.UUID, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary keys of account_notice, by its first column, and of notification
	const lost = `
SELECT id FROM account_notice a
WHERE user_id = $1 AND created_at >= $2 AND NOT EXISTS (SELECT FROM notification n WHERE n.user_id = $1 AND n.id = a.id) ORDER BY id`
	return postgres.Collect(ctx, r.pool, postgres.Platform, pgx.RowTo[uuid.UUID], lost, user, since)
}
