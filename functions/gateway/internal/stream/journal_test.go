package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// journal is a Log in memory, so that hubs can be tested with synctest's clock; the package store tests the one on
// PostgreSQL.
type journal struct {
	mu      sync.Mutex
	epochs  map[uuid.UUID]string
	events  map[uuid.UUID][]task.Event
	revoked map[uuid.UUID]bool
	ended   map[uuid.UUID]time.Time // sessions, and when they ended
	lost    map[int64]bool          // sequences missing in the logs, below their heads
	away    bool
	padding string // makes changes large
	reads   int
}

func newJournal() *journal {
	return &journal{epochs: map[uuid.UUID]string{}, events: map[uuid.UUID][]task.Event{}, revoked: map[uuid.UUID]bool{}, ended: map[uuid.UUID]time.Time{}}
}

func (j *journal) commit(user uuid.UUID, n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.epochs[user] == "" {
		j.epochs[user] = "e1"
	}
	for range n {
		seq := int64(len(j.events[user]) + 1)
		j.events[user] = append(j.events[user], task.Event{
			ID: uuid.New(), Seq: seq, UserID: user, TaskID: uuid.New(), EventType: task.Updated,
			ChangedFields: map[string]task.Change{"title": {From: "a", To: "b"}}, Task: &task.Task{Title: fmt.Sprint("change ", seq), Description: j.padding},
		})
	}
}

// lose removes entries from all logs without changing their heads.
func (j *journal) lose(from, to int64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.lost == nil {
		j.lost = map[int64]bool{}
	}
	for seq := from; seq <= to; seq++ {
		j.lost[seq] = true
	}
}

// putBack restores a user's log to an earlier state.
func (j *journal) putBack(user uuid.UUID, seq int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events[user] = j.events[user][:seq]
}

// readsSince returns how often the journal has been read since then.
func (j *journal) readsSince(before int) int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.reads - before
}

func (j *journal) head(user uuid.UUID) Head {
	if j.epochs[user] == "" {
		return Head{NoEpoch, 0}
	}
	return Head{j.epochs[user], int64(len(j.events[user]))}
}

var errAway = errors.New("away")

func (j *journal) Read(_ context.Context, cursors []Cursor, limit Limit) ([]Page, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.away {
		return nil, errAway
	}
	j.reads++
	var pages []Page
	seen := map[uuid.UUID]bool{}
	for _, c := range cursors {
		if seen[c.UserID] {
			panic("two cursors of one user")
		}
		seen[c.UserID] = true
		log := j.events[c.UserID]
		found := slices.Clone(log[min(c.Seq, int64(len(log))):])
		found = slices.DeleteFunc(found, func(e task.Event) bool { return j.lost[e.Seq] })
		pages = append(pages, Page{c.UserID, j.head(c.UserID), limit.cut(found)})
	}
	return pages, nil
}

// cut returns the events of a page. They are copies, as those that were read from a database.
func (l Limit) cut(events []task.Event) (page []task.Event) {
	for size := 0; len(page) < min(l.Events, len(events)) && size < l.Bytes; {
		e := events[len(page)]
		if e.Task != nil {
			copied := *e.Task
			copied.Description = strings.Clone(copied.Description)
			e.Task = &copied
			size += len(copied.Description)
		}
		page = append(page, e)
	}
	return page
}

func (j *journal) Replay(ctx context.Context, c Cursor, limit Limit) (Page, error) {
	pages, err := j.Read(ctx, []Cursor{c}, limit)
	if err != nil {
		return Page{}, err
	}
	return pages[0], nil
}

func (j *journal) Moved(_ context.Context, cursors []Cursor) (moved []uuid.UUID, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.away {
		return nil, errAway
	}
	for _, c := range cursors {
		if j.head(c.UserID) != c.Head {
			moved = append(moved, c.UserID)
		}
	}
	return moved, nil
}

func (j *journal) Revoked(_ context.Context, tokens []uuid.UUID) (bad []uuid.UUID, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, id := range tokens {
		if j.revoked[id] {
			bad = append(bad, id)
		}
	}
	return bad, nil
}

func (j *journal) end(session uuid.UUID) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ended[session] = time.Now()
}

func (j *journal) leave(away bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.away = away
}

func (j *journal) Ended(_ context.Context, while time.Duration) (ids []uuid.UUID, _ error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.away {
		return nil, errAway
	}
	for id, at := range j.ended {
		if time.Since(at) <= while {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
