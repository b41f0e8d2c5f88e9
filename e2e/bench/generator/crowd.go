package generator

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// Author writes over one connection, one change after the other.
type Author interface {
	// Write makes the next change and returns when it is accepted. It marks the change with the moment at which it was due.
	Write(w *Wire, due time.Time) error
}

// staleAfter is less than any server keeps an idle connection.
const staleAfter = 2 * time.Second

// seat is an author with its connection.
type seat struct {
	author Author
	wire   *Wire
	used   time.Time
}

func (s *seat) write(due time.Time) error {
	if time.Since(s.used) > staleAfter {
		if err := s.wire.reopen(); err != nil {
			return err
		}
	}
	defer func() { s.used = time.Now() }()
	return s.author.Write(s.wire, due)
}

// Crowd is all authors, with their totals.
type Crowd struct {
	seats    []*seat
	accepted atomic.Int64

	mu       sync.Mutex
	failures int64
	first    error
}

// NewCrowd opens the connections, with an author at each.
func NewCrowd(address string, connections int, author func(i int) Author) (*Crowd, error) {
	c := &Crowd{}
	for i := range connections {
		w, err := Dial(address)
		if err != nil {
			c.Close()
			return nil, err
		}
		c.seats = append(c.seats, &seat{author: author(i), wire: w})
	}
	return c, nil
}

// Close closes the connections.
func (c *Crowd) Close() {
	for _, s := range c.seats {
		s.wire.Close()
	}
}

// Accepted is how many writes were accepted so far.
func (c *Crowd) Accepted() int64 { return c.accepted.Load() }

// Failures is how many writes failed so far, and the error of the first.
func (c *Crowd) Failures() (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failures, c.first
}

// write has an author write, and records the result; a broken connection is reopened.
func (c *Crowd) write(s *seat, due time.Time) bool {
	err := s.write(due)
	if err == nil {
		c.accepted.Add(1)
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures++
	if c.first == nil {
		c.first = err
	}
	if _, refused := errors.AsType[*refusal](err); !refused {
		_ = s.wire.reopen() // the next write will show it
	}
	return false
}

// Write writes for a while: rate times a second, or as fast as it can if the rate is 0.
func (c *Crowd) Write(rate int, d time.Duration, latency *Histogram) {
	if rate == 0 {
		c.flatOut(d, latency)
	} else {
		c.steadily(rate, d, latency)
	}
}

// Once makes one change over the first connection.
func (c *Crowd) Once() bool { return c.write(c.seats[0], time.Now()) }

// steadily sends rate writes a second for a while, each at its scheduled time, regardless of earlier ones. The latency
// of a write counts from its scheduled time, also if no connection was free: so a stall counts for every write that it
// delays ("coordinated omission").
func (c *Crowd) steadily(rate int, d time.Duration, latency *Histogram) {
	n := int(float64(rate) * d.Seconds())
	due := make(chan time.Time, n)
	var group sync.WaitGroup
	for _, s := range c.seats {
		group.Go(func() {
			for at := range due {
				if c.write(s, at) {
					latency.Record(time.Since(at))
				}
			}
		})
	}
	start := time.Now()
	for i := range n {
		at := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if wait := time.Until(at); wait > 0 {
			time.Sleep(wait)
		}
		due <- at
	}
	close(due)
	group.Wait()
}

// flatOut makes every connection write as fast as it gets responses.
func (c *Crowd) flatOut(d time.Duration, latency *Histogram) {
	deadline := time.Now().Add(d)
	var group sync.WaitGroup
	for _, s := range c.seats {
		group.Go(func() {
			for {
				start := time.Now()
				if start.After(deadline) {
					return
				}
				if c.write(s, start) {
					latency.Record(time.Since(start))
				}
			}
		})
	}
	group.Wait()
}
