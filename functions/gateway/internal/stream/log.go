// Package stream is the live side of Taskwire: who listens, what each of them has been told, and what comes
// next. What listeners get is read from the users' audit logs alone; whatever else says that something has
// happened is only a hint to read, so a hint may come twice, late, out of order or never.
package stream

import (
	"context"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// NoEpoch stands for the epoch of a user who has never changed anything: the first change makes the real one.
const NoEpoch = "0"

// Head is how far a user's log goes. Numbers mean something within their epoch only.
type Head struct {
	Epoch string
	Seq   int64 // of the newest change; 0 before the first
}

// Cursor is how far somebody has read a user's log.
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

// follow checks that the page goes on from where its reader is, and returns where it leads to. Otherwise the reader has to
// read everything again, at the page's head: for resetEpoch the log is another one, or was put back to an earlier state;
// for resetGap entries are missing, between others or before the head. Whoever reads the log and does not come to its
// head has therefore moved, or has a reason: a loop that reads cannot run on the spot.
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

// Log is the audit logs of all users.
type Log interface {
	// Read returns one page for each cursor, each with at most limit events after the cursor's Seq.
	Read(ctx context.Context, cursors []Cursor, limit int) ([]Page, error)
	// Replay returns the page of one stream that catches up. It waits behind the same user's others, and so never for
	// what Read does for all.
	Replay(ctx context.Context, c Cursor, limit int) (Page, error)
	// Moved returns the users whose log does not end where the cursor is.
	Moved(ctx context.Context, cursors []Cursor) ([]uuid.UUID, error)
	// Revoked returns those of the personal access tokens that are not good any more.
	Revoked(ctx context.Context, tokens []uuid.UUID) ([]uuid.UUID, error)
}
