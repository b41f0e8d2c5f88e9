package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// author writes over one connection: of four changes two create a task, one renames it, one completes it.
type author struct {
	wire   *wire
	tokens []string
	random *rand.Rand
	turn   int
	task   string // path of the task created last
	token  string // of its user
	body   []byte
	used   time.Time
}

// staleAfter is less than any server keeps an idle connection.
const staleAfter = 2 * time.Second

func (a *author) write() error {
	if now := time.Now(); now.Sub(a.used) > staleAfter {
		if err := a.wire.reopen(); err != nil {
			return err
		}
	}
	defer func() { a.used = time.Now() }()
	turn := a.turn % 4
	a.turn++
	if turn < 2 || a.task == "" {
		return a.create()
	}
	if turn == 2 {
		a.body = append(strconv.AppendInt(append(a.body[:0], `{"title":"Renamed by the benchmark, number `...), int64(a.turn), 10), `"}`...)
		return a.expect(200, "PATCH", a.task, a.token)
	}
	a.body = append(a.body[:0], `{"completed":true}`...)
	return a.expect(200, "PATCH", a.task+"/complete", a.token)
}

func (a *author) create() error {
	a.token = a.tokens[a.random.IntN(len(a.tokens))]
	a.body = append(strconv.AppendInt(append(a.body[:0], `{"title":"Made by the benchmark, number `...), int64(a.turn), 10), `","tags":["bench"],"priority":"high"}`...)
	if err := a.expect(201, "POST", "/api/todos", a.token); err != nil {
		return err
	}
	_, rest, _ := bytes.Cut(a.wire.body, []byte(`"id":"`))
	id, _, found := bytes.Cut(rest, []byte(`"`))
	if !found {
		return fmt.Errorf("the answer has no id: %.200q", a.wire.body)
	}
	a.task = "/api/todos/" + string(id)
	return nil
}

func (a *author) expect(want int, method, path, token string) error {
	status, body, err := a.wire.request(method, path, token, a.body)
	if err != nil {
		return err
	}
	if status != want {
		return &refusal{status, fmt.Sprintf("%s %s: %d %.300s", method, path, status, body)}
	}
	return nil
}

// refusal is a response that accepts nothing.
type refusal struct {
	status int
	text   string
}

func (r *refusal) Error() string { return r.text }

// crowd is all authors, with their totals.
type crowd struct {
	tokens   []string
	authors  []*author
	accepted atomic.Int64

	mu       sync.Mutex
	failures int64
	first    error
}

func newCrowd(address string, tokens []string, connections int) (*crowd, error) {
	c := &crowd{tokens: tokens}
	for i := range connections {
		w, err := dial(address)
		if err != nil {
			return nil, err
		}
		c.authors = append(c.authors, &author{wire: w, tokens: tokens, random: rand.New(rand.NewPCG(uint64(i), 7))})
	}
	return c, nil
}

func (c *crowd) close() {
	for _, a := range c.authors {
		a.wire.close()
	}
}

// write has an author write and records the result; a broken connection is reopened.
func (c *crowd) write(a *author) bool {
	err := a.write()
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
		_ = a.wire.reopen() // the next write will show it
	}
	return false
}

// steadily sends rate writes a second for a while, each at its scheduled time, regardless of earlier ones. The latency
// of a write counts from its scheduled time, also if no connection was free: so a stall counts for every write that it
// delays ("coordinated omission").
func (c *crowd) steadily(rate int, d time.Duration, latency *histogram) {
	n := int(float64(rate) * d.Seconds())
	due := make(chan time.Time, n)
	var group sync.WaitGroup
	for _, a := range c.authors {
		group.Go(func() {
			for moment := range due {
				if c.write(a) {
					latency.record(time.Since(moment))
				}
			}
		})
	}
	start := time.Now()
	for i := range n {
		moment := start.Add(time.Duration(i) * time.Second / time.Duration(rate))
		if wait := time.Until(moment); wait > 0 {
			time.Sleep(wait)
		}
		due <- moment
	}
	close(due)
	group.Wait()
}

// flatOut makes every connection write as fast as it gets responses.
func (c *crowd) flatOut(d time.Duration, latency *histogram) {
	deadline := time.Now().Add(d)
	var group sync.WaitGroup
	for _, a := range c.authors {
		group.Go(func() {
			for {
				start := time.Now()
				if start.After(deadline) {
					return
				}
				if c.write(a) {
					latency.record(time.Since(start))
				}
			}
		})
	}
	group.Wait()
}
