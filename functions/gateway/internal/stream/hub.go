package stream

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// Config of a Hub. The gateway's func.yaml describes each variable.
type Config struct {
	MaxPerUser  int           `env:"STREAM_MAX_PER_USER" envDefault:"50"`
	MaxTotal    int           `env:"STREAM_MAX_TOTAL" envDefault:"20000"`
	MaxLifetime time.Duration `env:"STREAM_MAX_LIFETIME" envDefault:"1h"`
	SweepEvery  time.Duration `env:"STREAM_SWEEP_EVERY" envDefault:"5s"`
}

// Hub holds all open streams. An idle one costs a small struct and its socket: no goroutine, no timer, no
// buffer. It is safe for concurrent use.
type Hub struct {
	// Sent is called with each event that was just sent to live streams, and their number. Set it before Run; it may be nil.
	Sent func(event task.Event, streams int)

	config Config
	log    Log
	wake   chan struct{} // capacity 1: "there are dirty feeds"
	unsent atomic.Int64  // bytes, of all streams

	sessions sessions

	mu       sync.Mutex // taken before any Stream.mu
	feeds    map[uuid.UUID]*feed
	dirty    []*feed
	total    int
	draining bool
	empty    chan struct{} // closed when draining has ended the last stream
}

// feed is what one user's streams have in common.
type feed struct {
	user    uuid.UUID
	streams []*Stream
	// head is the last change that went to the live streams. Until the first stream is live it is not known,
	// and then hints wait.
	head  Head
	known bool
	dirty bool
	turns chan struct{} // of the streams that catch up
}

// NewHub returns a Hub that reads from log once Run runs.
func NewHub(config Config, log Log) *Hub {
	return &Hub{
		config: config, log: log, wake: make(chan struct{}, 1),
		feeds: map[uuid.UUID]*feed{}, empty: make(chan struct{}), sessions: sessions{ended: map[uuid.UUID]time.Time{}},
	}
}

// Run reads and sends until ctx is done.
func (h *Hub) Run(ctx context.Context) {
	var loops sync.WaitGroup
	for _, loop := range []func(context.Context){h.fetch, h.sweep, h.endSessions, h.tick} {
		loops.Go(func() { loop(ctx) })
	}
	loops.Wait()
}

// Hint says that the user's log may have grown up to seq.
func (h *Hub) Hint(user uuid.UUID, seq int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f := h.feeds[user]; f != nil && (!f.known || seq > f.head.Seq) {
		h.markDirty(f)
	}
}

// Changed says that the user has changed something: the log has grown, by how much is not known.
func (h *Hub) Changed(user uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if f := h.feeds[user]; f != nil {
		h.markDirty(f)
	}
}

// markDirty asks for a read of the feed's log. The caller holds h.mu.
func (h *Hub) markDirty(f *feed) {
	if f.dirty {
		return
	}
	f.dirty = true
	if !f.known {
		return // goLive asks again
	}
	h.dirty = append(h.dirty, f)
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Count returns how many streams are open.
func (h *Hub) Count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.total
}

// allowance is how much a stream may leave unsent.
func (h *Hub) allowance() int {
	if h.unsent.Load() > maxUnsentAll {
		return maxUnsentThen
	}
	return maxUnsent
}

// add registers s, unless there are too many streams already.
func (h *Hub) add(s *Stream, user uuid.UUID) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.draining {
		return &fault.Error{Code: fault.Unavailable, Detail: "the gateway is stopping", RetryAfter: time.Second}
	}
	if h.total >= h.config.MaxTotal {
		return &fault.Error{Code: fault.Unavailable, Detail: "too many streams are open", RetryAfter: 10 * time.Second}
	}
	f := h.feeds[user]
	if f == nil {
		f = &feed{user: user, turns: make(chan struct{}, maxReplays)}
	}
	if len(f.streams) >= h.config.MaxPerUser {
		// Streams whose client has just gone, as after many reloads, do not count.
		for _, old := range append([]*Stream(nil), f.streams...) {
			if old.gone() {
				h.forget(old)
				go old.Abort()
			}
		}
	}
	if len(f.streams) >= h.config.MaxPerUser {
		return &fault.Error{Code: fault.RateLimited, Detail: "you have too many streams open", RetryAfter: 10 * time.Second}
	}
	h.feeds[user] = f
	f.streams = append(f.streams, s)
	s.feed = f
	h.total++
	return nil
}

func (h *Hub) remove(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forget(s)
}

// forget takes s out of its feed, once. The caller holds h.mu.
func (h *Hub) forget(s *Stream) {
	f := s.feed
	for i, other := range f.streams {
		if other != s {
			continue
		}
		last := len(f.streams) - 1
		f.streams[i], f.streams[last] = f.streams[last], nil
		f.streams = f.streams[:last]
		h.total--
		break
	}
	if len(f.streams) == 0 && h.feeds[f.user] == f {
		delete(h.feeds, f.user)
	}
	if h.draining && h.total == 0 {
		h.closeEmpty()
	}
}

// all calls do for every stream. do must not block.
func (h *Hub) all(do func(*Stream)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, f := range h.feeds {
		for _, s := range f.streams {
			do(s)
		}
	}
}

// Drain ends every stream, takes no new one, and returns when all are gone. Each client is told to come back
// at a different moment. Clients that do not even read that within timeout are disconnected.
func (h *Hub) Drain(timeout time.Duration) {
	h.mu.Lock()
	h.draining = true
	spread := time.Second + time.Duration(h.total)*time.Millisecond
	if h.total == 0 {
		h.closeEmpty()
	}
	h.mu.Unlock()

	h.all(func(s *Stream) { s.end(farewell(spread), false) })
	select {
	case <-h.empty:
	case <-time.After(timeout):
		h.all(func(s *Stream) { go s.Abort() })
		<-h.empty
	}
}

func (h *Hub) closeEmpty() {
	select {
	case <-h.empty:
	default:
		close(h.empty)
	}
}
