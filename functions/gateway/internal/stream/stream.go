package stream

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// A client that leaves more than this unread is slow: frames are shared, but it keeps them alive.
	maxUnsent = 1 << 20
	// When all streams together keep more than maxUnsentAll, each may keep no more than maxUnsentThen.
	maxUnsentAll  = 32 << 20
	maxUnsentThen = 256 << 10
	// writePiece is what is written at once, in bytes. A slow client gets no more than that before its sync.reset.
	writePiece = 64 << 10
)

// Sink is the connection to a stream's client.
type Sink interface {
	// Write sends the frames at once. It does not block forever, and fails if the client does not read them.
	Write(frames [][]byte) error
	// Gone reports whether the client is known to have disconnected. It does not block.
	Gone() bool
	// Close ends the stream. It may be called during Write, which then fails, and more than once.
	Close()
}

// Subscriber is the client that requests a stream.
type Subscriber struct {
	UserID    uuid.UUID
	ExpiresAt time.Time // of the token; the stream ends then
	Token     uuid.UUID // of a personal access token, which can be revoked; else uuid.Nil
	Session   uuid.UUID // the stream ends with it; uuid.Nil for none
	LastID    string    // Last-Event-ID; empty on a fresh stream
}

// Stream is one open stream.
type Stream struct {
	hub     *Hub
	feed    *feed
	token   uuid.UUID
	session uuid.UUID
	done    chan struct{}

	mu      sync.Mutex
	sink    Sink
	at      Head          // the last change that was sent or stands in the queue
	live    bool          // receives the feed's frames; before that it reads the log itself
	writing bool          // a goroutine writes, and checks the queue again before it returns
	closing bool          // nothing may be queued any more
	ending  chan struct{} // closed when closing is set; nil while nobody waits for it
	queue   [][]byte
	unsent  int // bytes, of the queue and of what is being written
	pingAt  time.Time
	endAt   time.Time

	// The state of a stream that is still replaying the log; see replay.go.
	first    *Page     // what Serve starts with; nil for what it has to wait for
	turn     bool      // holds one of the feed's turns
	queuedAt time.Time // when hello or the last page was queued
}

// Open registers a stream and reads what it starts with. A fault is for the client to read; without one the
// caller must call Serve or Close.
func (h *Hub) Open(ctx context.Context, who Subscriber) (*Stream, error) {
	now := time.Now()
	life := time.Duration(float64(h.config.MaxLifetime) * (0.9 + 0.2*rand.Float64()))
	s := &Stream{
		hub: h, token: who.Token, session: who.Session, done: make(chan struct{}), writing: true,
		pingAt: now.Add(rand.N(pingEvery)), endAt: now.Add(life),
	}
	if who.ExpiresAt.Before(s.endAt) {
		s.endAt = who.ExpiresAt
	}
	// Register first, then read: later commits arrive as hints.
	if err := h.add(s, who.UserID); err != nil {
		return nil, err
	}
	if err := s.start(ctx, who.LastID); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// push queues frames that bring the stream to head, and has them written. It never blocks.
func (s *Stream) push(head Head, frames []frame) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.live || s.closing {
		return
	}
	before := s.unsent
	for _, f := range frames {
		if f.seq != 0 && f.seq <= s.at.Seq {
			continue // the stream has already read it from the log
		}
		s.enqueue(f.wire)
	}
	// A client that is up to date may get a burst of any size.
	if before > 0 && s.unsent > s.hub.allowance() {
		countReset(resetSlow, 1)
		s.endLocked(reset(head, resetSlow), true)
		return
	}
	if frames[0].seq == 0 || head.Seq > s.at.Seq {
		s.at = head // a reset may lead backwards
	}
	s.startFlush()
}

// enqueue adds to what is to be written. The caller holds s.mu.
func (s *Stream) enqueue(wire []byte) {
	s.queue = append(s.queue, wire)
	s.account(len(wire))
}

func (s *Stream) account(bytes int) {
	s.unsent += bytes
	s.hub.unsent.Add(int64(bytes))
}

// empty forgets the queue. The caller holds s.mu.
func (s *Stream) empty() {
	for _, wire := range s.queue {
		s.account(-len(wire))
	}
	s.queue = nil
}

// startFlush writes the queue in a goroutine that ends when the queue is empty.
func (s *Stream) startFlush() {
	if len(s.queue) > 0 && !s.writing {
		s.writing = true
		go s.flush()
	}
}

// flush writes the queue until it is empty, and ends a stream that is closing.
func (s *Stream) flush() {
	for {
		s.writeQueue()
		s.mu.Lock()
		if len(s.queue) > 0 {
			s.mu.Unlock()
			continue
		}
		closing := s.closing
		s.writing = closing // an ended stream stays taken
		s.mu.Unlock()
		if closing {
			s.finish()
		}
		return
	}
}

// writeQueue writes the queue until it is empty. Only the goroutine that writes may call it.
func (s *Stream) writeQueue() {
	for {
		s.mu.Lock()
		piece, size := s.take()
		s.mu.Unlock()
		if len(piece) == 0 {
			return
		}
		err := s.sink.Write(piece)
		s.mu.Lock()
		s.account(-size)
		s.mu.Unlock()
		if err != nil {
			s.drop()
		}
	}
}

// take takes what to write next out of the queue. The caller holds s.mu.
func (s *Stream) take() (piece [][]byte, size int) {
	n := 0
	for n < len(s.queue) && size < writePiece {
		size += len(s.queue[n])
		n++
	}
	if piece = s.queue[:n:n]; n == len(s.queue) {
		s.queue = nil // an idle stream keeps no memory
	} else {
		s.queue = s.queue[n:]
	}
	return piece, size
}

// finish is called once, by the last writer.
func (s *Stream) finish() {
	s.sink.Close()
	s.hub.remove(s)
	close(s.done)
}

// drop discards the queue, because the client does not read.
func (s *Stream) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.close()
	s.empty()
}

// close accepts no more frames. The caller holds s.mu.
func (s *Stream) close() {
	if !s.closing && s.ending != nil {
		close(s.ending)
	}
	s.closing = true
}

// end ends the stream after last, and after what is queued unless now.
func (s *Stream) end(last frame, now bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endLocked(last, now)
}

func (s *Stream) endLocked(last frame, now bool) {
	if s.closing {
		return
	}
	s.close()
	if now {
		s.empty()
	}
	s.enqueue(last.wire)
	s.startFlush()
}

// tick pings the client, or ends the stream when its token has expired.
func (s *Stream) tick(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closing:
	case !now.Before(s.endAt):
		s.endLocked(farewell(4*time.Second), false)
	case s.lags(now):
		countReset(resetSlow, 1)
		s.endLocked(reset(s.at, resetSlow), true)
	case !now.Before(s.pingAt):
		s.pingAt = s.pingAt.Add(pingEvery)
		if s.live && !s.writing {
			s.enqueue(ping.wire)
			s.writing = true
			go func() {
				if s.sink.Gone() {
					s.drop()
				}
				s.flush()
			}()
		}
	}
}

// gone reports whether the client is known to have disconnected.
func (s *Stream) gone() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sink != nil && s.sink.Gone()
}

// Abort ends the stream without a last event.
func (s *Stream) Abort() {
	s.mu.Lock()
	sink := s.sink
	s.close()
	s.empty()
	idle := !s.writing
	s.writing = true
	s.mu.Unlock()
	if sink != nil {
		sink.Close()
	}
	if idle {
		s.finish()
	}
}

// Close removes a stream that was opened but not served.
func (s *Stream) Close() {
	s.leaveTurn()
	s.drop()
	s.hub.remove(s)
}

// Done is closed when the stream has ended.
func (s *Stream) Done() <-chan struct{} { return s.done }
