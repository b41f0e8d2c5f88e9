package userlog

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
)

// queueTasks reads tasks into the ledger, as a whole.
func queueTasks(b *pgx.Batch, user uuid.UUID, ids []uuid.UUID, ledger *task.Ledger) {
	// primary key of task. With a list PostgreSQL plans the query anew each time, since it assumes a longer list than it usually
	// gets; for one task that took longer than finding it.
	const one = `SELECT ` + TaskColumns + ` FROM task WHERE user_id = $1 AND id = $2`
	const named = `SELECT t.* FROM (SELECT DISTINCT unnest($2::uuid[])) AS asked (id),
  LATERAL (SELECT ` + TaskColumns + ` FROM task WHERE user_id = $1 AND id = asked.id OFFSET 0) AS t`
	load := func(rows pgx.Rows) error {
		tasks, err := pgx.CollectRows(rows, ScanTask)
		ledger.Load(tasks...)
		return err
	}
	switch len(ids) {
	case 0:
	case 1:
		b.Queue(one, user, ids[0]).Query(load)
	default:
		b.Queue(named, user, ids).Query(load)
	}
}

// queueChosen reads what task.Needs.Chosen asks for. The log knows the user's tasks even when they are purged; of other
// users' tasks it returns only that the id is taken.
func queueChosen(b *pgx.Batch, ids []uuid.UUID, ledger *task.Ledger) {
	if len(ids) == 0 {
		return
	}
	// task_event_task
	const created = `SELECT e.* FROM unnest($2::uuid[]) AS chosen, LATERAL (
  SELECT ` + EventColumns + ` FROM task_event
  WHERE user_id = $1 AND task_id = chosen AND event_type = 'task.created' ORDER BY seq LIMIT 1) AS e`
	b.Queue(created, ledger.UserID, ids).Query(func(rows pgx.Rows) error {
		events, err := pgx.CollectRows(rows, ScanEvent)
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

// readOccurrences reads what task.Needs.Occurrences and task.Needs.Spellings ask for, in the transaction that holds the users' locks.
// It is an extra round trip, only for commands on recurring tasks and those that bring tasks back.
func readOccurrences(ctx context.Context, conn *postgres.Conn, group []*pending) error {
	b := &pgx.Batch{}
	for _, p := range group {
		if !p.ready() || !p.needs.Occurrences {
			continue
		}
		f := p.tx.Followers(p.needs.Tasks)
		var names []string
		if p.needs.Spellings {
			names = p.tx.Unspelled(p.needs.Tasks)
		}
		if len(f.Recurring)+len(names) > 0 {
			b.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
		}
		queueNames(b, task.Needs{Names: names}, p.tx.Ledger)
		if len(f.Recurring) > 0 {
			queuePreferences(b, p.tx.Ledger)
			queueStandings(b, p.tx.Ledger, f.Recurring)
			queueFamily(b, p.user.UserID, f.Next, f.Copies, p.alone, p.tx.Ledger, &p.large)
			queueParents(b, p.user.UserID, task.Needs{Parents: f.Parents}, p.tx.Ledger)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return conn.SendBatch(ctx, b).Close()
}

func queuePreferences(b *pgx.Batch, ledger *task.Ledger) {
	QueuePreferences(b, ledger.UserID, func(v preference.Versioned) { ledger.Preferences = v.Preferences })
}

// QueuePreferences reads a user's preferences, by default those of preference.Default.
func QueuePreferences(b *pgx.Batch, user uuid.UUID, found func(preference.Versioned)) {
	// primary key of preference
	const chosen = `
SELECT timezone, reminder_lead, overdue_reminders, week_start, day_start, first_steps_dismissed, coalesce(language, ''), ` + PreferenceVersion + ` FROM preference WHERE user_id = $1`
	b.Queue(chosen, user).QueryRow(func(row pgx.Row) error {
		v := preference.Versioned{Preferences: preference.Default()}
		err := row.Scan(&v.Timezone, &v.ReminderLead, &v.OverdueReminders, &v.WeekStart, &v.DayStart, &v.FirstStepsDismissed, &v.Language, &v.Version)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		found(v)
		return nil
	})
}

func queueStandings(b *pgx.Batch, ledger *task.Ledger, recurring []uuid.UUID) {
	// Only of occurrences from before tasks had a place in their series. primary key of task; task_series for the count
	const standings = `
SELECT t.id, first.occurrence, (
  SELECT count(*) FROM task s WHERE s.user_id = $1 AND s.series_id = t.series_id AND s.occurrence <= t.occurrence)
FROM task t JOIN task first ON first.user_id = $1 AND first.id = t.series_id
WHERE t.user_id = $1 AND t.id = ANY ($2) AND t.series IS NULL AND first.occurrence IS NOT NULL`
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
