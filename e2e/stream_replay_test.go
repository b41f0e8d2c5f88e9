package e2e

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// many makes n changes, in batches.
func (u *user) many(t *testing.T, n int) {
	t.Helper()
	for n > 0 {
		operations := make([]client.Operation, min(n, 100))
		for i := range operations {
			operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": "One of many"}}
		}
		check.Must(u.Batch(t.Context(), operations...))(t)
		n -= len(operations)
	}
}

func TestReplay_GivesWhatWasMissed_ThenLive(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	s := open(t, u)
	u.many(t, 5)
	s.changes(t, 2)
	s.Close()
	u.many(t, 5)
	again := resume(t, u, s.lastID)
	if again.lastID != s.lastID || again.hello.Seq != 10 {
		t.Fatalf("hello of a resumed stream: %+v with id %s, want %s", again.hello, again.lastID, s.lastID)
	}
	u.many(t, 3)
	for i, c := range again.changes(t, 11) {
		if c.Seq != int64(i+3) {
			t.Fatalf("place %d has seq %d", i, c.Seq)
		}
	}
}

// TestReplay_FromTheBeginning: the position before the first change is valid.
func TestReplay_FromTheBeginning(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	epoch := open(t, u).hello.Stream
	u.many(t, 3)
	if c := resume(t, u, frameID(epoch, 0)).changes(t, 3); c[0].Seq != 1 || c[2].Seq != 3 {
		t.Fatalf("%+v", c)
	}
	// Nothing is missing at the end: the next frame is the next change.
	end := resume(t, u, frameID(epoch, 3))
	u.many(t, 1)
	if c := end.changes(t, 1); c[0].Seq != 4 {
		t.Fatalf("%+v", c)
	}
}

// TestReplay_UpToAThousand: a thousand changes are replayed; one more is a sync.reset, from which the stream continues.
func TestReplay_UpToAThousand(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	epoch := open(t, u).hello.Stream
	u.many(t, 1000)
	for i, c := range resume(t, u, frameID(epoch, 0)).changes(t, 1000) {
		if c.Seq != int64(i+1) {
			t.Fatalf("place %d has seq %d", i, c.Seq)
		}
	}
	u.many(t, 1)
	expectReset(t, u, frameID(epoch, 0), "gap")
	// expectReset has made two more.
	if c := resume(t, u, frameID(epoch, 3)).changes(t, 1000); c[999].Seq != 1003 {
		t.Fatalf("the last is %d", c[999].Seq)
	}
}

// expectReset resumes where the stream cannot: it gets hello, sync.reset, and then new changes.
func expectReset(t *testing.T, u *user, lastEventID, reason string) {
	t.Helper()
	s := resume(t, u, lastEventID)
	f := check.Must(s.NextEvent(check.Within(t, timeout)))(t)
	checkFrame(t, f)
	if f.Event != "sync.reset" {
		t.Fatalf("Last-Event-ID %q: got %s, want sync.reset: %s", lastEventID, f.Event, f.Data)
	}
	reset := check.Must(f.Greeting())(t)
	if reset.Reason != reason || reset.Stream != s.hello.Stream || reset.Seq != s.hello.Seq {
		t.Fatalf("Last-Event-ID %q: %+v after %+v", lastEventID, reset, s.hello)
	}
	u.many(t, 1)
	if c := s.changes(t, 1); c[0].Seq != reset.Seq+1 {
		t.Fatalf("the change after the reset at %d is %d", reset.Seq, c[0].Seq)
	}
	// The stream can be resumed from there.
	u.many(t, 1)
	if c := resume(t, u, s.lastID).changes(t, 1); c[0].Seq != reset.Seq+2 {
		t.Fatalf("resumed after the reset: %d", c[0].Seq)
	}
}

// TestReplay_FromNowhere_IsAReset: another epoch, a number that never existed, and a malformed id.
func TestReplay_FromNowhere_IsAReset(t *testing.T) {
	t.Parallel()
	epoch := ""
	{
		u := newUser(t)
		epoch = open(t, u).hello.Stream
	}
	for _, id := range []string{
		epoch + "-1", "0-1", "ffffffffffff-0", "x", "-", "-1", epoch, epoch + "-", epoch + "-x", "1", "OWN-999999", "OWN--1", "OWN-1x", "OWN-1-1",
		"OWN-99999999999999999999", "OWN-+1", strings.Repeat("a", 128), "' OR 1=1 --", "OWN- 1",
	} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			u.many(t, 2)
			own := open(t, u).hello.Stream
			expectReset(t, u, strings.Replace(id, "OWN", own, 1), "epoch")
		})
	}
}

// TestReplay_ReconnectStorm: a client that loses its connection repeatedly at random points, under constant writes,
// gets each change once, in order.
func TestReplay_ReconnectStorm(t *testing.T) {
	t.Parallel()
	for i := range uint64(3) {
		t.Run(fmt.Sprint("seed ", seed+i), func(t *testing.T) {
			t.Parallel()
			const total = 400
			random := rand.New(rand.NewPCG(seed+i, 2))
			u := newUser(t)
			s := open(t, u)
			var writers sync.WaitGroup
			var left atomic.Int64
			left.Store(total)
			for range 4 {
				writers.Go(func() {
					for left.Add(-1) >= 0 {
						if _, err := u.CreateTask(t.Context(), client.Fields{"title": "Storm"}); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			defer writers.Wait()
			next, connections := int64(1), 1
			for next <= total && !t.Failed() {
				for range min(random.IntN(20), int(total-next)+1) {
					c := s.changes(t, 1)[0]
					if c.Seq != next {
						t.Fatalf("connection %d: %d came instead of %d", connections, c.Seq, next)
					}
					next++
				}
				s.Close()
				s = resume(t, u, s.lastID)
				connections++
			}
			// Nothing else arrives: the next frame is a change made now.
			writers.Wait()
			u.many(t, 1)
			if c := s.changes(t, 1); c[0].Seq != total+1 {
				t.Fatalf("%d came instead of %d", c[0].Seq, total+1)
			}
			t.Logf("%d connections for %d changes", connections, total)
		})
	}
}

// TestReplay_ManyScreens: all streams of a user show the same changes, each from its own position.
func TestReplay_ManyScreens(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.many(t, 5)
	epoch := open(t, u).hello.Stream
	var screens []*listener
	for from := range int64(6) {
		screens = append(screens, resume(t, u, frameID(epoch, from)))
	}
	u.many(t, 5)
	for from, s := range screens {
		for i, c := range s.changes(t, 10-from) {
			if want := int64(from + i + 1); c.Seq != want {
				t.Fatalf("screen %s: %d instead of %d", strconv.Itoa(from), c.Seq, want)
			}
		}
	}
}
