package function

import (
	"sync"
	"time"

	"taskwire.dev/shared/fault"
)

// bulkhead bounds how many requests wait for one function: each holds 46 KB of the gateway, so behind a function that is
// slow or away they would take its memory, and with it the streams and all other functions. No client has more than a
// quarter of the places: else one that sends its bodies slowly could keep all others out.
type bulkhead struct {
	function string
	places   int

	mu      sync.Mutex
	taken   int
	clients map[string]int // those who have a place, and how many
}

func newBulkhead(function string, places int) *bulkhead {
	return &bulkhead{function: function, places: places, clients: map[string]int{}}
}

// enter takes a place that leave gives back, or refuses.
func (b *bulkhead) enter(client string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.clients[client] >= max(1, b.places/4):
		return &fault.Error{Code: fault.RateLimited, Detail: "more requests at a time than are taken from one client", RetryAfter: time.Second}
	case b.taken >= b.places:
		return &fault.Error{Code: fault.Unavailable, Detail: "the function " + b.function + " has more requests than it keeps up with", RetryAfter: time.Second}
	}
	b.taken++
	b.clients[client]++
	return nil
}

func (b *bulkhead) leave(client string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken--
	if b.clients[client]--; b.clients[client] == 0 {
		delete(b.clients, client)
	}
}
