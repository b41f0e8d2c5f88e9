package integration

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// rebuild is the result of a check of the database.
func (b bundle) rebuild(t *testing.T) (found []migrations.Difference, done migrations.Progress) {
	t.Helper()
	done, err := migrations.CheckRebuild(t.Context(), b.Owner, func(d migrations.Difference) { found = append(found, d) }, func(migrations.Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	return found, done
}

// live gives a user tasks with every kind of change.
func (b bundle) live(t *testing.T, who token.Principal) (root, child uuid.UUID) {
	t.Helper()
	root = b.Do(t, who, task.Create{Draft: draft("root")}).TaskID
	below := draft("child")
	below.ParentID, below.Tags = &root, []string{"a", "b"}
	child = b.Do(t, who, task.Create{Draft: below}).TaskID
	b.Do(t, who, task.SetCompleted{ID: root, Completed: true})
	b.Do(t, who, task.SetCompleted{ID: root})
	b.Do(t, who, task.Delete{ID: root})
	b.Do(t, who, task.Restore{ID: root})
	gone := b.Do(t, who, task.Create{Draft: draft("gone")}).TaskID
	b.Do(t, who, task.Delete{ID: gone})
	b.DoAll(t, who, task.Create{Draft: draft("one")}, task.Create{Draft: draft("two")})
	return root, child
}

func TestReplayingTheLogGivesTheTables(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 3 {
		b.live(t, principal())
	}
	if err := b.setPreferences(t.Context(), principal(), preference.Default()); err != nil {
		t.Fatal(err) // a user without a log
	}
	found, done := b.rebuild(t)
	if len(found) > 0 || done.Users != 4 || done.Events != 3*12 || done.Tasks != 3*5 {
		t.Errorf("%+v, found %v", done, found)
	}
}

func TestWhatTheLogDoesNotSayIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		harm string // damage by the database's owner; $1 is the user, $2 the root task
		want string
	}{
		"a changed title":        {`UPDATE task SET title = 'forged' WHERE user_id = $1 AND id = $2`, `differs in title ("forged", in the log "root")`},
		"a changed version":      {`UPDATE task SET version = version + 1 WHERE user_id = $1 AND id = $2`, "differs in version"},
		"a task that is gone":    {`DELETE FROM task WHERE user_id = $1 AND id = $2`, "in the log, but not in the table"},
		"a task from nowhere":    {`UPDATE task SET id = gen_random_uuid() WHERE user_id = $1 AND id = $2`, "in the table, but not in the log"},
		"a deletion not noted":   {`UPDATE task SET deleted_at = now() WHERE user_id = $1 AND id = $2`, "differs in deleted_at"},
		"the last event is gone": {`DELETE FROM task_event WHERE user_id = $1 AND seq = 12 AND task_id <> $2`, "the user's place is 12"},
		"a gap in the log":       {`DELETE FROM task_event WHERE user_id = $1 AND seq = 3 AND task_id = $2`, "11 events up to number 12"},
		"an event that lies":     {`UPDATE task_event SET changed_fields = '{}' WHERE user_id = $1 AND task_id = $2 AND event_type = 'task.completed'`, "does not follow"},
		"a rewritten past":       {`UPDATE task_event SET after_task = after_task || '{"title": "forged"}' WHERE user_id = $1 AND task_id = $2 AND seq = 3`, "does not follow"},
		"a task of nobody":       {`UPDATE task SET user_id = gen_random_uuid() WHERE user_id = $1 AND id = $2`, "in the table, but not in the log"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			who := principal()
			root, _ := b.live(t, who)
			b.live(t, principal())
			conn, err := pgx.Connect(t.Context(), b.Owner)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
			if tag, err := conn.Exec(t.Context(), c.harm, who.UserID, root); err != nil || tag.RowsAffected() != 1 {
				t.Fatal(tag, err)
			}
			found, done := b.rebuild(t)
			for _, d := range found {
				if strings.Contains(d.String(), c.want) {
					if done.Differences != int64(len(found)) {
						t.Errorf("%d differences, %d reported", done.Differences, len(found))
					}
					return
				}
			}
			t.Errorf("found %v, want %q", found, c.want)
		})
	}
}

// Events from before tasks had a due_date have an empty list of reminders where the user's reminder_lead decided. They
// are not rewritten: they are read as what they meant.
func TestOldEventsAreReadAsTheyWereMeant(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := principal()
	day, _ := task.ParseDate("2026-12-01")
	old, own := draft("old"), draft("own")
	own.Reminders = []task.Reminder{"PT1H"}
	id := b.Do(t, who, task.Create{Draft: old}).TaskID
	b.Do(t, who, task.Replace{ID: id, Draft: own})
	b.Do(t, who, task.Replace{ID: id, Draft: old})
	b.Exec(t, `
UPDATE task_event SET
  after_task = after_task - '{due_date, overdue_reminders}'::text[] || jsonb_build_object('reminders', coalesce(nullif(after_task -> 'reminders', 'null'), '[]')),
  changed_fields = CASE WHEN changed_fields ? 'reminders' THEN replace(changed_fields::text, 'null', '[]')::jsonb ELSE changed_fields END
WHERE user_id = $1`, who.UserID)
	dated := draft("dated")
	dated.DueDate, dated.Reminders = &day, []task.Reminder{}
	b.Do(t, who, task.Replace{ID: id, Draft: dated})
	moment := draft("at a moment")
	moment.Reminders = []task.Reminder{"2026-12-01T08:00:00Z", "PT1H"}
	b.Do(t, who, task.Create{Draft: moment})
	if found, _ := b.rebuild(t); len(found) > 0 {
		t.Errorf("%v", found)
	}
	for _, e := range b.Events(t, who)[:3] {
		if list := e.Task.Reminders; list != nil && len(list) != 1 {
			t.Errorf("event %d: %q", e.Seq, list)
		}
		if c, ok := e.ChangedFields["reminders"]; ok && (c.From == nil) == (c.To == nil) {
			t.Errorf("event %d: %+v", e.Seq, c)
		}
	}
}
