package postgres

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// queueChosen reads what task.Needs.Chosen asks for. The log knows the user's own tasks even when they are purged; of
// other users' nothing comes back but that the id is taken.
func queueChosen(b *pgx.Batch, ids []uuid.UUID, ledger *task.Ledger) {
	// task_event_task
	const created = `SELECT e.* FROM unnest($2::uuid[]) AS chosen, LATERAL (
  SELECT ` + EventColumns + ` FROM task_event
  WHERE user_id = $1 AND task_id = chosen AND event_type = 'task.created' ORDER BY seq LIMIT 1) AS e`
	b.Queue(created, ledger.UserID, ids).Query(func(rows pgx.Rows) error {
		events, err := pgx.CollectRows(rows, scanEvent)
		for i := range events {
			ledger.LoadCreated(&events[i])
		}
		return err
	})
	// task_id_key
	b.Queue(`SELECT id FROM unnest($1::uuid[]) AS id WHERE task_id_taken(id)`, ids).Query(func(rows pgx.Rows) error {
		taken, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		for _, id := range taken {
			ledger.LoadTaken(id)
		}
		return err
	})
}
