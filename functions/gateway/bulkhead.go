package function

import (
	"context"
	"slices"
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// bulkhead bounds how many requests wait for one function: each holds 46 KB of the gateway, so behind a function that is
// slow or away they would take its memory, and with it the streams and all other functions. No client has more than a
// quarter of the places. Clients without a good token share a part, of which one address has a quarter at most: addresses
// cost nothing, so all of them together must not be able to keep out those who are signed in.
//
// A request of a client that has its share waits for a moment, first come, first served: many people can have one address,
// and a burst of one of them is often over when it has been refused.
type bulkhead struct {
	function string
	places   int
	part     int // of the places, for clients without a token

	mu        sync.Mutex
	taken     int
	anonymous int               // of those taken
	waiting   int               // requests of clients that have their share
	clients   map[string]*share // of those that have a request
}

// share is what a client has.
type share struct {
	requests int             // that have not ended
	waiting  []chan struct{} // closed when the request of one that has ended is taken over
}

// shareWait is how long a request waits for another one of its client to end.
const shareWait = 500 * time.Millisecond

func newBulkhead(function string, places int) *bulkhead {
	return &bulkhead{function: function, places: places, part: anonymousPart(function, places), clients: map[string]*share{}}
}

// anonymousPart is how many of a function's places clients without a token may have together: all of the dashboard's,
// which asks nobody for a token, half of those of auth, where people sign in, and an eighth of all others'.
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

// place is what a request holds of a bulkhead.
type place struct {
	bulkhead *bulkhead
	client   client
	answered bool
}

// enter takes a place that leave gives back, or refuses.
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

// begin counts a request of a client, once the client has fewer than most. It gives the lock away while it waits.
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
	if b.waiting >= b.places {
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

// end ends a request of a client; one that waits takes it over.
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

// answer gives the place to others as soon as the function has answered: how long the client takes to read that is not
// the function's matter. The request still counts for its client.
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
