package stream

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/google/uuid"
)

const (
	// fetchUsers is how many feeds are read at once.
	fetchUsers = 64
	// fetchPause and fetchRetry are the shortest and the longest pause after a read that failed or brought nothing.
	fetchPause = 50 * time.Millisecond
	fetchRetry = 2 * time.Second
	// fetchGather is the shortest time between two reads, because most of a read's cost is the same for one feed as for many.
	fetchGather = 4 * time.Millisecond
	// gatherEach is how long a read waits for each stream that it is for, because several changes in one write to a stream cost little
	// more than one. It does not wait for less than minGather.
	gatherEach = 10 * time.Microsecond
	minGather  = time.Millisecond
)

// fetchLimit bounds what one read takes of each feed, and so the memory that a backlog takes: the rest is read next.
var fetchLimit = Limit{Events: 64, Bytes: 128 << 10}

// fetch reads the logs of all dirty feeds together, in a loop. The first hint is served at once; hints during a read and shortly
// after it wait for the next one, so load makes reads larger, not more frequent.
func (h *Hub) fetch(ctx context.Context) {
	var pause time.Duration // zero while all is well
	var last time.Time      // when the last read ended, unless there was more to read
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
		}
		gather := max(fetchGather-time.Since(last), time.Duration(h.waiting())*gatherEach)
		if gather > minGather && !sleep(ctx, gather) {
			return
		}
		feeds, cursors := h.takeDirty()
		if len(feeds) == 0 {
			continue
		}
		pages, err := h.log.Read(ctx, cursors, fetchLimit)
		if err != nil {
			if ctx.Err() != nil {
				return
			}
			if pause == 0 {
				slog.Warn("cannot read the audit log; streams wait", "error", err)
			}
			pause = min(max(fetchPause, 2*pause), fetchRetry)
			h.giveBack(feeds)
			if !sleep(ctx, pause) {
				return
			}
			continue
		}
		if pause > 0 {
			slog.Info("reading the audit log works again")
			pause = 0
		}
		if last = time.Now(); h.deliver(feeds, pages) {
			last = time.Time{} // a log goes on: those who are behind are not slowed down
		}
	}
}

// takeDirty leaves out feeds whose last stream has ended: a read has one page for a user, and the feed of streams that have come
// since would be given what was read for the old one.
func (h *Hub) takeDirty() ([]*feed, []Cursor) {
	h.mu.Lock()
	defer h.mu.Unlock()
	feeds, taken := make([]*feed, 0, fetchUsers), 0
	for ; taken < len(h.dirty) && len(feeds) < fetchUsers; taken++ {
		if f := h.dirty[taken]; h.feeds[f.user] == f {
			feeds = append(feeds, f)
		}
	}
	if h.dirty = slices.Delete(h.dirty, 0, taken); len(h.dirty) > 0 {
		select {
		case h.wake <- struct{}{}:
		default:
		}
	}
	cursors := make([]Cursor, len(feeds))
	for i, f := range feeds {
		f.dirty = false
		cursors[i] = Cursor{f.user, f.head}
	}
	return feeds, cursors
}

func (h *Hub) giveBack(feeds []*feed) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range feeds {
		h.markDirty(f)
	}
}

// waiting returns how many streams wait for the next read.
func (h *Hub) waiting() (streams int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.dirty[:min(len(h.dirty), fetchUsers)] {
		streams += len(f.streams)
	}
	return streams
}

// deliver sends the pages to the live streams of their feeds, and reports whether there is more of one.
func (h *Hub) deliver(feeds []*feed, pages []Page) (more bool) {
	byUser := make(map[uuid.UUID]*Page, len(pages))
	for i := range pages {
		byUser[pages[i].UserID] = &pages[i]
	}
	for _, f := range feeds {
		page := byUser[f.user]
		if page == nil {
			continue
		}
		// Encoded outside the lock: only this goroutine changes the head of a feed that is known.
		frames := changes(page.Head.Epoch, page.Events)
		if streams := h.advance(f, page, frames); streams > 0 && h.Sent != nil {
			for _, e := range page.Events {
				h.Sent(e, streams)
			}
		}
		if n := len(page.Events); n > 0 {
			more = more || page.Events[n-1].Seq < page.Head.Seq
		}
	}
	return more
}

// advance returns the number of streams that the changes of the page went to.
func (h *Hub) advance(f *feed, page *Page, frames []frame) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	to, reason := page.follow(f.head)
	if reason != "" {
		warnOfGap(reason, page, f.head)
		countReset(reason, len(f.streams))
		frames = []frame{reset(to, reason)}
	}
	f.head = to
	if len(frames) == 0 {
		return 0
	}
	sent := 0
	if reason == "" {
		sent = len(f.streams)
	}
	for _, s := range f.streams {
		s.push(f.head, frames)
	}
	framesSent.Add(context.Background(), int64(sent*len(frames)))
	if page.Head.Seq > f.head.Seq {
		h.markDirty(f)
	}
	return sent
}

// warnOfGap logs that events are missing from a log, which cannot happen in an append-only one.
func warnOfGap(reason string, page *Page, at Head) {
	if reason == resetGap {
		slog.Error("events are missing from the audit log; resetting the user's streams", "user", page.UserID, "after", at.Seq, "head", page.Head.Seq)
	}
}

// sweep finds changes without a hint, after an outage of the broker or a sidecar, and streams whose personal access token was
// revoked.
func (h *Hub) sweep(ctx context.Context) {
	for sleep(ctx, h.config.SweepEvery) {
		if err := h.sweepOnce(ctx); err != nil && ctx.Err() == nil {
			slog.Debug("sweep failed", "error", err)
		}
	}
}

func (h *Hub) sweepOnce(ctx context.Context) error {
	cursors, tokens := h.watched()
	if len(cursors) > 0 {
		moved, err := h.log.Moved(ctx, cursors)
		if err != nil {
			return err
		}
		h.mu.Lock()
		for _, user := range moved {
			if f := h.feeds[user]; f != nil {
				h.markDirty(f)
			}
		}
		h.mu.Unlock()
	}
	if len(tokens) > 0 {
		revoked, err := h.log.Revoked(ctx, tokens)
		if err != nil {
			return err
		}
		h.endThoseOf(revoked, func(s *Stream) uuid.UUID { return s.token })
	}
	return nil
}

// endThoseOf ends the streams that belong to one of these tokens or sessions.
func (h *Hub) endThoseOf(ids []uuid.UUID, of func(*Stream) uuid.UUID) {
	if len(ids) == 0 {
		return
	}
	bad := make(map[uuid.UUID]bool, len(ids))
	for _, id := range ids {
		bad[id] = true
	}
	h.all(func(s *Stream) {
		if bad[of(s)] {
			s.end(farewell(time.Second), false)
		}
	})
}

// watched returns where all known feeds are, and the personal access tokens of open streams.
func (h *Hub) watched() (cursors []Cursor, tokens []uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	cursors = make([]Cursor, 0, len(h.feeds))
	for _, f := range h.feeds {
		if f.known {
			cursors = append(cursors, Cursor{f.user, f.head})
		}
		for _, s := range f.streams {
			if s.token != uuid.Nil {
				tokens = append(tokens, s.token)
			}
		}
	}
	return cursors, tokens
}

// pingEvery is the interval of heartbeats; it is also how soon a disconnected client is noticed.
const pingEvery = 15 * time.Second

// tick pings and ends streams. One pass over all of them each second is cheaper than a timer for each.
func (h *Hub) tick(ctx context.Context) {
	for sleep(ctx, time.Second) {
		now := time.Now()
		h.all(func(s *Stream) { s.tick(now) })
	}
}

// sleep waits for d and reports whether ctx is not done.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
