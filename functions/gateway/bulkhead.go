package function

import (
	"time"

	"taskwire.dev/shared/fault"
)

// bulkhead bounds how many requests wait for one function: each holds 46 KB of the gateway, so behind a function that is
// slow or away they would take its memory, and with it the streams and all other functions.
type bulkhead chan struct{}

// enter takes a place that leave gives back, or refuses.
func (b bulkhead) enter(function string) error {
	select {
	case b <- struct{}{}:
		return nil
	default:
		return &fault.Error{Code: fault.Unavailable, Detail: "the function " + function + " has more requests than it keeps up with", RetryAfter: time.Second}
	}
}

func (b bulkhead) leave() { <-b }
