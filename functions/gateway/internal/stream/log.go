// Package stream serves the live streams: which are open, what each has sent, and what comes next. Streams send only what is read
// from the users' audit logs; events are only hints to read them, so a hint may be duplicated, late, out of order or lost.
package stream

import (
	"context"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// NoEpoch is the epoch of a user who has never changed anything; the first change creates the real one.
const NoEpoch = "0"

// Head is how far a user's log goes. Numbers mean something within their epoch only.
type Head struct {
	Epoch string
	Seq   int64 // of the newest change; 0 before the first
}

// Cursor is how far a reader has read a user's log.
type Cursor struct {
	UserID uuid.UUID
	Head
}

// Page is what a user's log holds after a cursor.
type Page struct {
	UserID uuid.UUID
	Head   Head         // as of the moment when the events were read
	Events []task.Event // oldest first
}

// follow checks that the page continues from the reader's position, and returns the new position. Otherwise the reader has to
// read everything again, at the page's head: with resetEpoch the log was replaced or restored to an earlier state; with resetGap
// events are missing, between others or before the head. So each read either moves the reader or returns a reason: a loop that
// reads cannot spin.
func (p *Page) follow(at Head) (to Head, reason string) {
	if at.Epoch == NoEpoch {
		at.Epoch = p.Head.Epoch
	}
	if p.Head.Epoch != at.Epoch || p.Head.Seq < at.Seq {
		return p.Head, resetEpoch
	}
	if len(p.Events) == 0 && at.Seq < p.Head.Seq {
		return p.Head, resetGap
	}
	for _, e := range p.Events {
		if e.Seq != at.Seq+1 {
			return p.Head, resetGap
		}
		at.Seq = e.Seq
	}
	return at, ""
}

// Limit bounds a page: it ends with its last event, or earlier with the event that makes it this long.
type Limit struct {
	Events int
	Bytes  int // of the events, as the log stores them
}

// Log is the audit logs of all users.
type Log interface {
	// Read returns one page for each cursor, with the events after the cursor's Seq that the limit allows. No two cursors are of
	// one user.
	Read(ctx context.Context, cursors []Cursor, limit Limit) ([]Page, error)
	// Replay returns a page for one stream that catches up. It queues behind the same user's other queries, and never behind
	// Read.
	Replay(ctx context.Context, c Cursor, limit Limit) (Page, error)
	// Moved returns the users whose log does not end where the cursor is.
	Moved(ctx context.Context, cursors []Cursor) ([]uuid.UUID, error)
	// Revoked returns those personal access tokens that are no longer valid.
	Revoked(ctx context.Context, tokens []uuid.UUID) ([]uuid.UUID, error)
	// Ended returns the sessions that ended in the last while.
	Ended(ctx context.Context, while time.Duration) ([]uuid.UUID, error)
}
