package function

import (
	"context"
	"slices"
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// bulkhead bounds how many requests wait for one function. Each holds 46 KB of the gateway, so a slow or unavailable function
// would use up its memory, and break the streams and all other functions. A client gets at most a quarter of the places. Clients
// without a valid token share a part, of which one address gets at most a quarter: addresses are cheap, so all of them together
// must not be able to block signed-in users. A request beyond its client's share waits, in order of arrival: many people can share
// one address, and a burst of one of them must not fail the others' sign-ins. A client has at most half of the waiting requests.
type bulkhead struct {
	function string
	places   int
	part     int // of the places, for clients without a token

	mu        sync.Mutex
	taken     int
	anonymous int               // places taken by clients without a token
	waiting   int               // requests beyond their client's share
	clients   map[string]*share // clients with a request
}

// share is a client's use of the bulkhead.
type share struct {
	requests int             // running
	waiting  []chan struct{} // closed when the waiting request takes over an ended one's share
}

// shareWait is how long a request waits for another request of its client to end: a busy machine takes more than a second to
// refuse a hundred sign-ins at once. Together with the transport's ResponseHeaderTimeout it is shorter than the 30 s that func-go
// leaves for the whole answer.
const shareWait = 3 * time.Second

func newBulkhead(function string, places int) *bulkhead {
	return &bulkhead{function: function, places: places, part: anonymousPart(function, places), clients: map[string]*share{}}
}

// anonymousPart is how many of a function's places clients without a token may have in total: all for the dashboard, which needs
// no token, half for auth, where users sign in, and an eighth for all others.
func anonymousPart(function string, places int) int {
	switch function {
	case "dashboard":
		return places
	case "auth":
		return max(1, places/2)
	default:
		return max(1, places/8)
	}
}

// place is a request's place in a bulkhead.
type place struct {
	bulkhead *bulkhead
	client   client
	answered bool
}

// enter takes a place, which the caller must leave, or returns a fault.
func (b *bulkhead) enter(ctx context.Context, c client) (*place, error) {
	most := b.places
	if !c.known {
		most = b.part
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.begin(ctx, c.key, max(1, most/4)) {
		return nil, &fault.Error{Code: fault.RateLimited, Detail: "too many requests at the same time; wait until some are done", RetryAfter: time.Second}
	}
	if b.taken >= b.places || !c.known && b.anonymous >= b.part {
		b.end(c.key)
		return nil, &fault.Error{Code: fault.Unavailable, Detail: "the function " + b.function + " has too many pending requests", RetryAfter: time.Second}
	}
	b.taken++
	if !c.known {
		b.anonymous++
	}
	return &place{bulkhead: b, client: c}, nil
}

// begin counts a request of a client when the client has fewer than most. It releases the lock while it waits.
func (b *bulkhead) begin(ctx context.Context, key string, most int) bool {
	s := b.clients[key]
	if s == nil {
		s = &share{}
		b.clients[key] = s
	}
	if s.requests < most {
		s.requests++
		return true
	}
	if b.waiting >= b.places || len(s.waiting) >= max(1, b.places/2) {
		return false
	}
	turn := make(chan struct{})
	s.waiting = append(s.waiting, turn)
	b.waiting++
	b.mu.Unlock()
	late := time.NewTimer(shareWait)
	defer late.Stop()
	select {
	case <-turn:
	case <-late.C:
	case <-ctx.Done():
	}
	b.mu.Lock()
	b.waiting--
	if at := slices.Index(s.waiting, turn); at >= 0 {
		s.waiting = slices.Delete(s.waiting, at, at+1)
		return false
	}
	return true
}

// end ends a request of a client; a waiting one takes its place.
func (b *bulkhead) end(key string) {
	s := b.clients[key]
	if len(s.waiting) > 0 {
		close(s.waiting[0])
		s.waiting = s.waiting[1:]
		return
	}
	if s.requests--; s.requests == 0 {
		delete(b.clients, key)
	}
}

// answer frees the place as soon as the function has responded: how long the client takes to read the response does not concern
// the function. The request still counts for its client.
func (p *place) answer() {
	b := p.bulkhead
	b.mu.Lock()
	defer b.mu.Unlock()
	p.free()
}

func (p *place) free() {
	if p.answered {
		return
	}
	p.answered = true
	p.bulkhead.taken--
	if !p.client.known {
		p.bulkhead.anonymous--
	}
}

// leave ends the request.
func (p *place) leave() {
	b := p.bulkhead
	b.mu.Lock()
	defer b.mu.Unlock()
	p.free()
	b.end(p.client.key)
}
