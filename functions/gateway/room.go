package function

import (
	"container/list"
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// minWait is how long the gateway waits for a client before another may take its seat.
const minWait = time.Second

// room bounds what requests hold while the gateway waits for their clients: to send the rest of a body, or to read an answer. A
// client gets at most a quarter of it, and less for requests that wait for this client (pending). When it is full, the request that
// has waited longest is closed, so that any number of deliberately slow clients cannot block others: a client with normal speed
// does not wait.
type room struct {
	size    int
	pending int // the most that the seats of one client take that wait for it

	mu      sync.Mutex
	taken   int
	clients map[string]holding
	waiting list.List // of *seat; those that wait for their client, longest first
}

// holding is what the seats of one client take.
type holding struct {
	units   int
	pending int // of the seats that wait for the client
}

// seat is one request's share of a room.
type seat struct {
	room    *room
	client  string
	units   int
	since   time.Time
	end     func()        // makes the wait for the client fail
	element *list.Element // in waiting; nil once it no longer waits
	ended   bool
}

func newRoom(size int) *room {
	return &room{size: size, pending: size / 4, clients: map[string]holding{}}
}

// enter takes units for a client that will be waited for. end is called, at most once, if the wait must end; it must not
// block.
func (o *room) enter(client string, units int, end func()) (*seat, error) {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	if has := o.clients[client]; has.units+units > max(units, o.size/4) || has.pending+units > max(units, o.pending) {
		return nil, &fault.Error{Code: fault.RateLimited, Detail: "too many requests at the same time; wait until some are done", RetryAfter: time.Second}
	}
	if !o.clear(units, now) {
		return nil, &fault.Error{Code: fault.Unavailable, Detail: "too many requests are being received; try again", RetryAfter: time.Second}
	}
	return o.seat(client, units, now, end), nil
}

// join is enter for requests that can no longer be refused: it exceeds the limit if necessary.
func (o *room) join(client string, units int, end func()) *seat {
	now := time.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.clear(units, now)
	return o.seat(client, units, now, end)
}

// clear frees units, and reports whether there are enough.
func (o *room) clear(units int, now time.Time) bool {
	for o.taken+units > o.size {
		oldest := o.waiting.Front()
		if oldest == nil || now.Sub(oldest.Value.(*seat).since) < minWait {
			return false
		}
		o.evict(oldest.Value.(*seat))
	}
	return true
}

func (o *room) seat(client string, units int, now time.Time, end func()) *seat {
	s := &seat{room: o, client: client, units: units, since: now, end: end}
	s.element = o.waiting.PushBack(s)
	o.taken += units
	o.hold(client, units, units)
	return s
}

// hold adds to what a client holds.
func (o *room) hold(client string, units, pending int) {
	has := o.clients[client]
	has.units += units
	has.pending += pending
	if has == (holding{}) {
		delete(o.clients, client)
	} else {
		o.clients[client] = has
	}
}

func (o *room) evict(s *seat) {
	s.ended = true
	o.give(s)
	s.end()
}

// give returns the units of s.
func (o *room) give(s *seat) {
	o.noLongerPending(s)
	o.taken -= s.units
	o.hold(s.client, -s.units, 0)
	s.units = 0
}

func (o *room) noLongerPending(s *seat) {
	if s.element != nil {
		o.waiting.Remove(s.element)
		s.element = nil
		o.hold(s.client, 0, -s.units)
	}
}

// arrived says that the client is no longer waited for. The seat is kept.
func (s *seat) arrived() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.room.noLongerPending(s)
}

// evicted reports whether the wait was ended to make room.
func (s *seat) evicted() bool {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	return s.ended
}

// leave gives the seat back.
func (s *seat) leave() {
	s.room.mu.Lock()
	defer s.room.mu.Unlock()
	s.room.give(s)
}
