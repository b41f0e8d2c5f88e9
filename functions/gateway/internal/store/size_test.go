package store

import (
	"context"
	"math"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/migrations/pgtest/sized"
)

// TestSize: what streams read of the logs, of one user and of many at a time.
func TestSize(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Streams", func(open sized.OpenPool) (cases []sized.Case) {
		log := NewLog(open("taskwire_stream"))
		newest := int64(2 * db.Tasks)
		at := func(user uuid.UUID, seq int64) stream.Cursor {
			return stream.Cursor{UserID: user, Head: stream.Head{Seq: seq}}
		}
		replay := func(name string, c stream.Cursor) {
			cases = append(cases, sized.Case{Name: name, Rows: 502, Pages: 700, Call: func(ctx context.Context) error {
				_, err := log.Replay(ctx, c, events(500))
				return err
			}})
		}
		replay("replay from the beginning", at(sized.Heavy, 0))
		replay("replay from the middle", at(sized.Heavy, newest/2))
		replay("replay of the last 500", at(sized.Heavy, newest-500))
		replay("the head", at(sized.Heavy, math.MaxInt64))
		replay("replay for a user with 100 tasks", at(db.Light(7), 0))
		var here, behind []stream.Cursor
		for n := range 200 {
			here, behind = append(here, at(db.Light(n), 150)), append(behind, at(db.Light(n), 149))
		}
		here, behind = append(here, at(sized.Heavy, newest)), append(behind, at(sized.Heavy, newest-1))
		read := func(name string, rows, pages int, call func(context.Context) error) {
			cases = append(cases, sized.Case{Name: name, Rows: rows, Pages: pages, Call: call})
		}
		read("new events of 201 users", 402, 3000, func(ctx context.Context) error {
			_, err := log.Read(ctx, behind, events(50))
			return err
		})
		read("which of 201 users have new events", 201, 1000, func(ctx context.Context) error {
			_, err := log.Moved(ctx, here)
			return err
		})
		var tokens []uuid.UUID
		for n := range 200 {
			tokens = append(tokens, sized.ID("019d", n))
		}
		read("which of 200 tokens were revoked", 200, 1000, func(ctx context.Context) error {
			_, err := log.Revoked(ctx, tokens)
			return err
		})
		return cases
	})
}
