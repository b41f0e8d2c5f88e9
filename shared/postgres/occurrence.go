package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/task"
)

// readOccurrences reads what task.Needs.Occurrences asks for, in the transaction that has the users' locks. It is a
// round trip of its own, which only commands about recurring tasks pay.
func readOccurrences(ctx context.Context, conn *Conn, changes []*change) error {
	b := &pgx.Batch{}
	for _, c := range changes {
		needs := c.cmd.Needs()
		if !c.locked || c.settled || !needs.Occurrences {
			continue
		}
		if recurring, followers := c.ledger.Followers(needs.Tasks); len(recurring) > 0 {
			b.Queue(SetUser, c.who.UserID.String()).Exec(Discard)
			queueTimezone(b, c.ledger)
			queueStandings(b, c.ledger, recurring)
			queueTasks(b, c.who.UserID, task.Needs{Tasks: followers, Family: true}, c.ledger)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return conn.SendBatch(ctx, b).Close()
}

func queueTimezone(b *pgx.Batch, ledger *task.Ledger) {
	// primary key of preference
	b.Queue(`SELECT timezone FROM preference WHERE user_id = $1`, ledger.UserID).QueryRow(func(row pgx.Row) error {
		if err := row.Scan(&ledger.Timezone); !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		return nil
	})
}

func queueStandings(b *pgx.Batch, ledger *task.Ledger, recurring []uuid.UUID) {
	// primary key of task; task_series for the count, which only COUNT needs
	const standings = `
SELECT t.id, first.occurrence, CASE WHEN t.recurrence->>'rrule' ILIKE '%COUNT=%' THEN (
  SELECT count(*) FROM task s WHERE s.user_id = $1 AND s.series_id = t.series_id AND s.occurrence <= t.occurrence) ELSE 0 END
FROM task t JOIN task first ON first.user_id = $1 AND first.id = t.series_id
WHERE t.user_id = $1 AND t.id = ANY ($2) AND first.occurrence IS NOT NULL`
	b.Queue(standings, ledger.UserID, recurring).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var id uuid.UUID
			var s task.Standing
			if err := rows.Scan(&id, &s.Start, &s.Nth); err != nil {
				return err
			}
			ledger.Stand(id, s)
		}
		return rows.Err()
	})
}
