// Package export writes all that Taskwire has of a user to one archive, and verifies such an archive.
//
// The archive is a ZIP file of the user's data as of a sequence. It is a pure function of the log up to there and of the few rows
// that are read when it is prepared: written twice, it has the same bytes. So an interrupted download goes on where it ended
// (docs/decisions/0039-export-and-deletion.md).
package export

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/signingkey"
	"taskwire.dev/shared/wallclock"
)

// format is the version of the archive's layout. An archive of another one has another tag.
const format = 1

// contents is the version of what is in it and how it is compressed. Archives of another one have another tag; Verify reads them all.
const contents = 4

// Read runs a batch of queries on behalf of one user (postgres.SetUser).
type Read func(ctx context.Context, queue func(*pgx.Batch)) error

// Archive is the export of a user as of a sequence, ready to be written.
type Archive struct {
	read Read
	key  *signingkey.Key // nil: it is not signed
	user uuid.UUID
	// These files are read when it is prepared. They are bounded: notifications are kept for 180 days, and views are few.
	account, preferences []byte
	notifications, views [][]byte
	names                names
	seq                  int64
	asOf                 time.Time // of the last event
	zone                 *time.Location
	relabels             relabels
}

// MaxNotifications is the most notifications in an archive, the newest.
const MaxNotifications = 20_000

// Prepare reads what an archive as of a sequence needs beside the log; 0 is the latest one. A key of nil leaves it unsigned.
func Prepare(ctx context.Context, read Read, user uuid.UUID, asOf int64, key *signingkey.Key) (*Archive, error) {
	a := &Archive{read: read, key: key, user: user, zone: time.UTC}
	var last int64
	var zone *string
	found, sum := false, newNamesSum()
	err := read(ctx, func(b *pgx.Batch) {
		// primary keys
		const account = `
SELECT to_jsonb(u) || jsonb_build_object('sign_in_with', (SELECT coalesce(jsonb_agg(i), '[]') FROM own_identities() i)), u.created_at, coalesce(s.seq, 0), to_jsonb(p) - 'user_id', p.timezone
FROM own_account() u LEFT JOIN user_stream s ON s.user_id = u.id LEFT JOIN preference p ON p.user_id = u.id WHERE u.id = $1`
		b.Queue(account, user).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				found = true
				if err := rows.Scan((*json.RawMessage)(&a.account), &a.asOf, &last, (*json.RawMessage)(&a.preferences), &zone); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		// primary key of task_event
		b.Queue(`SELECT occurred_at FROM task_event WHERE user_id = $1 AND ($2 = 0 OR seq <= $2) ORDER BY seq DESC LIMIT 1`, user, asOf).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				if err := rows.Scan(&a.asOf); err != nil {
					return err
				}
			}
			return rows.Err()
		})
		const notifications = `
SELECT to_jsonb(n) - 'user_id' FROM notification n WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`
		b.Queue(notifications, user, MaxNotifications).Query(func(rows pgx.Rows) error {
			return collect(rows, &a.notifications)
		})
		b.Queue(`SELECT to_jsonb(v) - 'user_id' FROM saved_view v WHERE user_id = $1 ORDER BY id`, user).Query(func(rows pgx.Rows) error {
			return collect(rows, &a.views)
		})
		sum.queue(b, user) // the last one: its settings are not for the others
	})
	if err == nil {
		a.names, err = sum.finish(ctx, read, user)
	}
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, fault.New(fault.NotFound, "there is no such user")
	case asOf < 0 || asOf > last:
		var fs fault.Fields
		fs.Add("/as_of", "is not a sequence of this user's log, which is at %d", last)
		return nil, fs.Err()
	}
	if a.seq = asOf; asOf == 0 {
		a.seq = last
	}
	a.asOf = a.asOf.UTC().Truncate(time.Second)
	if zone != nil {
		a.zone = wallclock.Zone(*zone)
	}
	return a, nil
}

func collect(rows pgx.Rows, to *[][]byte) error {
	*to = nil
	for rows.Next() {
		var row json.RawMessage
		if err := rows.Scan(&row); err != nil {
			return err
		}
		*to = append(*to, row)
	}
	return rows.Err()
}

// Seq is the sequence that it is as of.
func (a *Archive) Seq() int64 { return a.seq }

// Name is a name for the file.
func (a *Archive) Name() string { return fmt.Sprintf("taskwire-%s.zip", a.asOf.Format(time.DateOnly)) }

// Tag identifies the archive's bytes. It has the version of Go, because another one may compress differently.
func (a *Archive) Tag() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d.%d %s %s %d %s %d %s\n", format, contents, runtime.Version(), a.user, a.seq, a.keyID(), a.names.count, a.names.sum)
	for _, part := range slices.Concat([][]byte{a.account, a.preferences}, a.notifications, a.views) {
		fmt.Fprintf(h, "%d\n", len(part))
		h.Write(part)
	}
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

func (a *Archive) keyID() string {
	if a.key == nil {
		return ""
	}
	return a.key.ID
}

// Measure finds out the archive's layout, for which it is written to nowhere. When ctx ends, the next call goes on from there.
func (a *Archive) Measure(ctx context.Context, l *Layout) error {
	if l.Size() > 0 {
		return nil
	}
	size, err := a.writeFrom(ctx, l.before(math.MaxInt64, a.user), io.Discard, l.reached)
	if err == nil {
		l.end(size)
	}
	return err
}

// Section returns a writer that passes on the bytes from an offset on, at most so many, and then fails with ErrDone.
func Section(to io.Writer, offset, length int64) io.Writer { return &section{to, offset, length} }

// ErrDone ends the writing of an archive of which no more is needed.
var ErrDone = errors.New("the section is complete")

type section struct {
	to         io.Writer
	skip, left int64
}

func (s *section) Write(p []byte) (int, error) {
	whole := len(p)
	skipped := min(s.skip, int64(len(p)))
	s.skip -= skipped
	p = p[skipped:]
	p = p[:min(s.left, int64(len(p)))]
	if _, err := s.to.Write(p); err != nil {
		return 0, err
	}
	if s.left -= int64(len(p)); s.left == 0 {
		return 0, ErrDone
	}
	return whole, nil
}

// chain is the hash chain over the events: each hash is that of the one before and the event.
type chain [sha256.Size]byte

// newChain returns the hash before the first event.
func newChain(user uuid.UUID) chain {
	return sha256.Sum256([]byte("taskwire export 1\n" + user.String()))
}

func (c chain) next(event []byte) chain {
	h := sha256.New()
	h.Write(c[:])
	h.Write(event)
	return chain(h.Sum(nil))
}

func (c chain) String() string { return fmt.Sprintf("%x", c[:]) }
