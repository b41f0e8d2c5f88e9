package stream

import (
	"context"
	"math"
	"time"
)

const (
	// maxMissed is the most changes that are replayed: beyond it reading the tasks again is cheaper.
	maxMissed = 1000
	// maxReplays is how many streams of a user catch up at the same time. Each keeps a page; the others wait, and keep nothing.
	maxReplays = 4
)

// replayLimit bounds what is read for one stream, and kept in memory, at a time.
var replayLimit = Limit{Events: 200, Bytes: maxUnsentThen}

// start decides where the stream continues, and queues what it begins with.
func (s *Stream) start(ctx context.Context, lastID string) error {
	from, readable := parseID(lastID)
	if lastID == "" || !readable {
		from = Head{Seq: math.MaxInt64} // the head alone
	}
	after := from
	if from.Seq != math.MaxInt64 && !s.takeTurn() {
		after.Seq = math.MaxInt64 // Serve waits for it
	}
	page, err := s.read(ctx, after)
	if err != nil {
		return err
	}
	head := page.Head
	if from.Epoch == NoEpoch && from.Seq == 0 {
		from.Epoch = head.Epoch // it was there before the first change, whatever epoch that began
	}
	s.at, s.first = head, &Page{UserID: page.UserID, Head: head}
	switch {
	case lastID == "":
		s.greet(hello(head, head))
	case !readable || from.Epoch != head.Epoch || from.Seq > head.Seq:
		countReset(resetEpoch, 1)
		s.greet(hello(head, head), reset(head, resetEpoch))
	case head.Seq-from.Seq > maxMissed:
		countReset(resetGap, 1)
		s.greet(hello(head, head), reset(head, resetGap))
	default:
		s.at, s.first = from, &page
		if !s.turn && head.Seq > from.Seq {
			s.first = nil
		}
		s.greet(hello(from, head))
	}
	if s.first != nil && len(s.first.Events) == 0 {
		s.leaveTurn()
	}
	return nil
}

// greet queues what the stream begins with, before a farewell that may have been queued since it was registered.
func (s *Stream) greet(frames ...frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queuedAt = time.Now()
	later := s.queue
	s.queue = nil
	for _, f := range frames {
		s.enqueue(f.wire)
	}
	s.queue = append(s.queue, later...)
}

func (s *Stream) read(ctx context.Context, after Head) (Page, error) {
	return s.hub.log.Replay(ctx, Cursor{s.feed.user, after}, replayLimit)
}

// Serve writes hello and everything missed, and hands the stream to the hub. It returns when the stream is live or has ended;
// Done is closed at the end.
func (s *Stream) Serve(ctx context.Context, sink Sink) {
	s.mu.Lock()
	s.sink = sink
	s.mu.Unlock()
	defer s.flush() // whatever was queued meanwhile, a farewell too
	defer s.leaveTurn()
	page := s.first
	s.first = nil
	for idle := 0; ; {
		if page == nil {
			// The feed is ahead. The next read catches up with it at once, unless the database was put back to an earlier
			// state: then it is for the feed to notice.
			if !s.catchUp() || !s.pause(ctx, idle) || !s.awaitTurn(ctx) {
				return
			}
			read, err := s.read(ctx, s.at)
			if err != nil {
				s.end(farewell(2*time.Second), false) // it comes back, and resumes
				return
			}
			page = &read
		}
		from, head := s.at, page.Head
		s.replay(page)
		page = nil
		goesOn := s.catchUp()
		s.leaveTurn()
		if !goesOn || s.at.Seq >= head.Seq && s.goLive() {
			return
		}
		if s.at == from {
			idle++
		} else {
			idle = 0
		}
	}
}

// replay queues a page that was read for this stream. It keeps the frames only: the events take more memory.
func (s *Stream) replay(page *Page) {
	to, reason := page.follow(s.at)
	var frames []frame
	if reason != "" {
		warnOfGap(reason, page, s.at)
		frames = []frame{reset(to, reason)}
	} else {
		frames = changes(to.Epoch, page.Events)
	}
	page.Events = nil
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at, s.queuedAt = to, time.Now()
	if s.closing {
		return
	}
	for _, f := range frames {
		s.enqueue(f.wire)
	}
}

// catchUp writes what is queued while the stream is not live, and reports whether to go on.
func (s *Stream) catchUp() bool {
	s.writeQueue()
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closing
}

// lags reports whether the client is slow to read its page of the log while all streams together hold too much memory. The caller
// holds s.mu.
func (s *Stream) lags(now time.Time) bool {
	return !s.live && s.unsent > 0 && now.Sub(s.queuedAt) > WriteTimeout && s.hub.unsent.Load() > maxUnsentAll
}

// pause waits before another read when reads have brought nothing, longer each time, and reports whether the client is still there.
func (s *Stream) pause(ctx context.Context, idle int) bool {
	if idle > 1 && !sleep(ctx, min(fetchPause<<min(idle-2, 10), fetchRetry)) || s.sink.Gone() {
		s.drop()
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.closing
}

// takeTurn takes one of the feed's turns, if one is free.
func (s *Stream) takeTurn() bool {
	select {
	case s.feed.turns <- struct{}{}:
		s.turn = true
	default:
	}
	return s.turn
}

// awaitTurn waits for one of the feed's turns, and reports whether the client is still there.
func (s *Stream) awaitTurn(ctx context.Context) bool {
	if s.takeTurn() {
		return true
	}
	s.mu.Lock()
	if s.ending == nil {
		s.ending = make(chan struct{})
	}
	ending, closing := s.ending, s.closing
	s.mu.Unlock()
	for !closing {
		select {
		case s.feed.turns <- struct{}{}:
			s.turn = true
			return true
		case <-ending:
			return false
		case <-ctx.Done():
			s.drop()
			return false
		case <-time.After(pingEvery):
			s.mu.Lock()
			if !s.closing {
				s.enqueue(ping.wire)
			}
			s.mu.Unlock()
			closing = !s.catchUp() || !s.pause(ctx, 0)
		}
	}
	return false
}

// leaveTurn gives the turn back, if the stream holds one.
func (s *Stream) leaveTurn() {
	if s.turn {
		s.turn = false
		<-s.feed.turns
	}
}

// goLive lets the feed take over, unless it is ahead: then what lies between must be read first. Since the
// feed goes on from its head without a gap, so does the stream.
func (s *Stream) goLive() bool {
	h, f := s.hub, s.feed
	h.mu.Lock()
	defer h.mu.Unlock()
	if !f.known {
		f.known, f.head = true, s.at
		if f.dirty { // by a hint that came while nobody knew from where to read
			f.dirty = false
			h.markDirty(f)
		}
	}
	if f.head.Epoch != s.at.Epoch || f.head.Seq > s.at.Seq {
		h.markDirty(f) // should it be the feed that is wrong, the next read puts it right
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.live = true
	return true
}
