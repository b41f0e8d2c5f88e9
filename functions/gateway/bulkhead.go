package function

import (
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// bulkhead bounds how many requests wait for one function: each holds 46 KB of the gateway, so behind a function that is
// slow or away they would take its memory, and with it the streams and all other functions. No client has more than a
// quarter of the places. Clients without a good token share a part, of which one address has a quarter at most: addresses
// cost nothing, so all of them together must not be able to keep out those who are signed in.
type bulkhead struct {
	function string
	places   int
	part     int // of the places, for clients without a token

	mu        sync.Mutex
	taken     int
	anonymous int            // of those taken
	clients   map[string]int // requests that have not ended, and whose they are
}

func newBulkhead(function string, places int) *bulkhead {
	return &bulkhead{function: function, places: places, part: anonymousPart(function, places), clients: map[string]int{}}
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
func (b *bulkhead) enter(c client) (*place, error) {
	most := b.places
	if !c.known {
		most = b.part
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.clients[c.key] >= max(1, most/4):
		return nil, &fault.Error{Code: fault.RateLimited, Detail: "more requests at a time than are taken from one client", RetryAfter: time.Second}
	case b.taken >= b.places, !c.known && b.anonymous >= b.part:
		return nil, &fault.Error{Code: fault.Unavailable, Detail: "the function " + b.function + " has more requests than it keeps up with", RetryAfter: time.Second}
	}
	b.taken++
	if !c.known {
		b.anonymous++
	}
	b.clients[c.key]++
	return &place{bulkhead: b, client: c}, nil
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
	if b.clients[p.client.key]--; b.clients[p.client.key] == 0 {
		delete(b.clients, p.client.key)
	}
}
