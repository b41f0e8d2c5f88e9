package task

import "time"

// Stamps are the times of a new task that a client may give for one that comes from elsewhere; nil is the server's choice.
type Stamps struct{ CreatedAt, CompletedAt *time.Time }

// write sets the times of a new task, of which a completed one was created before it was completed.
func (s Stamps) write(t *Task, now time.Time) {
	t.CreatedAt, t.CompletedAt = now, nil
	if t.Completed {
		t.CompletedAt = &now
		if s.CompletedAt != nil {
			t.CompletedAt = s.CompletedAt
		}
	}
	switch {
	case s.CreatedAt != nil:
		t.CreatedAt = *s.CreatedAt
		if t.Completed && t.CompletedAt.Before(t.CreatedAt) { // the client's clock is ahead
			t.CompletedAt = s.CreatedAt
		}
	case t.Completed && t.CompletedAt.Before(now):
		t.CreatedAt = *t.CompletedAt
	}
}

// same reports whether a task was created with these times.
func (s Stamps) same(first *Task) bool {
	t := *first
	s.write(&t, first.UpdatedAt)
	return t.CreatedAt.Equal(first.CreatedAt) && (!t.Completed || t.CompletedAt.Equal(*first.CompletedAt))
}
