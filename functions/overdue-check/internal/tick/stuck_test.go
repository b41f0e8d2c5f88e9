package tick

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/overdue-check/internal/decide"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog/userlogtest"
)

// Where clocks go forward at midnight west of Greenwich, one overdue task kept the tick busy forever, and no other user
// got reminders.
func TestATickEndsWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, due string }{
		{"America/Havana", "2027-03-13T00:30:00-05:00"},
		{"Atlantic/Azores", "2027-03-27T00:00:00-01:00"},
		{"America/Santiago", "2027-09-04T00:59:00-04:00"},
	} {
		t.Run(c.zone, func(t *testing.T) {
			t.Parallel()
			r := setup(t)
			r.guard.unavailable = true // otherwise it hides that the same reminder is sent repeatedly
			at, err := time.Parse(time.RFC3339, c.due)
			if err != nil {
				t.Fatal(err)
			}
			skipped := due(at)
			skipped.Timezone = &c.zone
			id := r.Do(t, userlogtest.Principal(), task.Create{Draft: skipped}).TaskID
			other := r.Do(t, userlogtest.Principal(), task.Create{Draft: due(at.Add(23 * time.Hour))}).TaskID

			// Late on the evening before, where time.Date placed the skipped time, and on the two days after.
			for day := range 3 {
				now := at.Add(23*time.Hour + 30*time.Second + time.Duration(day)*24*time.Hour)
				seen := map[uuid.UUID]int{}
				for _, one := range r.tick(t, now) {
					if one.Type == "reminder.overdue" {
						seen[one.Data.TaskID]++
					}
				}
				if len(seen) != 2 || seen[id] != 1 || seen[other] != 1 {
					t.Fatalf("at %v: %v, want one reminder of %s and one of %s", now, seen, id, other)
				}
			}
		})
	}
}

// A rule that leaves its row due is a bug; it delays that row and no other.
func TestARowThatStaysDueEndsTheTickAndIsNamed(t *testing.T) {
	t.Parallel()
	r := setup(t)
	at := soon(-time.Hour)
	stuck := r.Do(t, userlogtest.Principal(), task.Create{Draft: due(at)}).TaskID
	broken := r.newClock(t, func(d decide.Due, now time.Time) decide.Verdict {
		v := decide.Decide(d, now)
		if d.TaskID == stuck {
			v.Next = &d.RemindAt
		}
		return v
	})
	const others = Batch + 10 // more than the batch with the row
	who := userlogtest.Principal()
	for left := others; left > 0; {
		creations := make([]task.Command, min(left, 100))
		for i := range creations {
			creations[i] = task.Create{Draft: due(at.Add(time.Minute))}
		}
		r.DoAll(t, who, creations...)
		left -= len(creations)
	}
	now := at.Add(30 * time.Minute)
	done, err := broken.Tick(t.Context(), now)
	if err == nil || !strings.Contains(err.Error(), stuck.String()) || !strings.Contains(err.Error(), "kind overdue") ||
		!strings.Contains(err.Error(), at.Format(time.RFC3339)) {
		t.Errorf("the error does not name the row: %v", err)
	}
	sent := map[uuid.UUID]int{}
	for _, one := range r.take(t) {
		sent[one.Data.TaskID]++
	}
	if done.Sent != others+1 || len(sent) != others+1 || sent[stuck] != 1 {
		t.Errorf("%d reminders of %d tasks, %d of the stuck one; want %d and 1", done.Sent, len(sent), sent[stuck], others+1)
	}
	// The row is postponed, so that not every tick fails, and then decided again.
	if _, err := broken.Tick(t.Context(), now.Add(59*time.Minute)); err != nil {
		t.Errorf("within the hour: %v", err)
	}
	if _, err := broken.Tick(t.Context(), now.Add(time.Hour)); err == nil {
		t.Error("after an hour it was not tried again")
	}
}

// The ledger does not report a claim as done if it could not write it.
func TestAClaimThatIsNotWrittenFails(t *testing.T) {
	t.Parallel()
	r := setup(t)
	at := soon(time.Hour)
	r.Do(t, userlogtest.Principal(), task.Create{Draft: due(at)})
	if _, err := r.owner.Exec(t.Context(), `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
CREATE TRIGGER refuse BEFORE UPDATE ON task_reminder FOR EACH ROW EXECUTE FUNCTION refuse()`); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := r.clock.Tick(ctx, at); err == nil || !strings.Contains(err.Error(), "0 of ") {
		t.Errorf("got %v", err)
	}
	if got := r.take(t); len(got) > 0 {
		t.Errorf("sent all the same: %+v", got)
	}
}
