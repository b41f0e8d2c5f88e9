package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/fault"
)

func TestFreshStream_HelloThenEveryChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 3)
		l := b.listen(t, Subscriber{}, false)
		other := b.listen(t, Subscriber{UserID: uuid.New()}, false)
		b.change(200)
		b.change(1)
		l.expect(t, []string{greeted("e1", 3, 3)}, 4, 204, "e1")
		other.expect(t, []string{greeted("0", 0, 0)}, 0, -1, "")
	})
}

func TestNoChangeEver_FirstOneBeginsTheEpoch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, false)
		b.change(2)
		l.expect(t, []string{greeted("0", 0, 0)}, 1, 2, "e1")
		back := b.listen(t, Subscriber{LastID: "0-0"}, false)
		back.expect(t, []string{greeted("e1", 0, 2)}, 1, 2, "e1")
	})
}

func TestResume(t *testing.T) {
	for name, c := range map[string]struct {
		lastID      string
		text        []string
		first, last int
	}{
		"some missed":     {"e1-1500", []string{greeted("e1", 1500, 2000)}, 1501, 2000},
		"all it may miss": {"e1-1000", []string{greeted("e1", 1000, 2000)}, 1001, 2000},
		"nothing missed":  {"e1-2000", []string{greeted("e1", 2000, 2000)}, 0, -1},
		"too much missed": {"e1-999", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 gap"}, 0, -1},
		"another epoch":   {"e0-1999", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"in the future":   {"e1-2001", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"no id":           {"garbage", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
		"negative":        {"e1--5", []string{greeted("e1", 2000, 2000), "sync.reset e1-2000 epoch"}, 0, -1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, Config{})
				b.commit(b.user, 2000)
				l := b.listen(t, Subscriber{LastID: c.lastID}, false)
				l.expect(t, c.text, c.first, c.last, "e1")
				b.change(1)
				if c.last < 0 {
					c.first = 2001
				}
				l.expect(t, c.text, c.first, 2001, "e1")
			})
		})
	}
}

func TestLostHint_SweepHeals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 1)
		l := b.listen(t, Subscriber{}, false)
		b.commit(b.user, 3) // without a hint
		l.expect(t, []string{greeted("e1", 1, 1)}, 0, -1, "e1")
		time.Sleep(6 * time.Second)
		l.expect(t, []string{greeted("e1", 1, 1)}, 2, 4, "e1")
	})
}

func TestDatabaseAway_StreamsWaitAndGoOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, false)
		b.journal.mu.Lock()
		b.away = true
		b.journal.mu.Unlock()
		b.change(2)
		time.Sleep(30 * time.Second)
		l.ended(t, false)
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !errors.Is(err, errAway) {
			t.Errorf("opened a stream: %v", err)
		}
		b.journal.mu.Lock()
		b.away = false
		b.journal.mu.Unlock()
		time.Sleep(fetchRetry)
		l.expect(t, []string{greeted("0", 0, 0)}, 1, 2, "e1")
	})
}

// A client that comes back while the log is still to be read for its ended stream gets everything once.
func TestComesBack_BeforeTheReadForTheEndedStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 5)
		ended := b.listen(t, Subscriber{}, false)
		b.leave(true)
		b.change(5)
		synctest.Wait() // the read has failed; it is tried again later
		ended.Abort()
		b.leave(false)
		again := b.listen(t, Subscriber{LastID: "e1-2"}, false)
		b.change(3)
		time.Sleep(fetchRetry)
		again.expect(t, []string{greeted("e1", 2, 10)}, 3, 13, "e1")
	})
}

func TestDatabasePutBack_Resets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 10)
		l := b.listen(t, Subscriber{}, false)
		b.putBack(b.user, 4)
		time.Sleep(6 * time.Second)
		b.change(1)
		l.expect(t, []string{greeted("e1", 10, 10), "sync.reset e1-4 epoch"}, 5, 5, "e1")
	})
}

func TestSlowClient_ResetAndEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.padding = strings.Repeat("x", 10_000)
		slow, quick := b.listen(t, Subscriber{}, true), b.listen(t, Subscriber{}, false)
		for range 20 {
			b.change(fetchLimit.Events)
			time.Sleep(fetchGather)
			synctest.Wait()
		}
		if n := b.unsent.Load(); n > 2*maxUnsent {
			t.Errorf("%d bytes are kept for a client that does not read", n)
		}
		close(slow.pause)
		slow.ended(t, true)
		slow.mu.Lock()
		if last := slow.text[len(slow.text)-1]; !strings.HasPrefix(last, "sync.reset e1-") || !strings.HasSuffix(last, " slow") {
			t.Errorf("the slow client's last event is %q", last)
		}
		slow.mu.Unlock()
		quick.expect(t, []string{greeted("0", 0, 0)}, 1, 20*fetchLimit.Events, "e1")
		quick.ended(t, false)
		if n := b.unsent.Load(); n != 0 {
			t.Errorf("%d bytes are still accounted for", n)
		}
	})
}

func TestClientThatNeverReads_IsCut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{}, true)
		b.change(1)
		time.Sleep(WriteTimeout + time.Second)
		<-l.Done()
		if n := b.Count(); n != 0 {
			t.Errorf("%d streams are left", n)
		}
	})
}

func TestPingsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l := b.listen(t, Subscriber{ExpiresAt: time.Now().Add(10 * time.Minute)}, false)
		long := b.listen(t, Subscriber{}, false)
		time.Sleep(10*time.Minute - 2*time.Second)
		l.ended(t, false)
		l.mu.Lock()
		if n := len(l.text) - 1; n < 38 || n > 41 {
			t.Errorf("%d pings in 10 minutes", n)
		}
		l.mu.Unlock()
		time.Sleep(3 * time.Second)
		l.ended(t, true)
		time.Sleep(43 * time.Minute)
		long.ended(t, false) // 54 minutes is the minimum
		time.Sleep(14 * time.Minute)
		long.ended(t, true)
	})
}

func TestRevokedToken_EndsItsStreamsOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		bad, good := uuid.New(), uuid.New()
		l, other := b.listen(t, Subscriber{Token: bad}, false), b.listen(t, Subscriber{Token: good}, false)
		b.journal.mu.Lock()
		b.revoked[bad] = true
		b.journal.mu.Unlock()
		time.Sleep(6 * time.Second)
		l.ended(t, true)
		other.ended(t, false)
	})
}

func TestEndedSession_EndsItsStreamsWithinFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{SweepEvery: time.Hour})
		bad, good := uuid.New(), uuid.New()
		l, other, script := b.listen(t, Subscriber{Session: bad}, false), b.listen(t, Subscriber{Session: good}, false), b.listen(t, Subscriber{}, false)
		time.Sleep(time.Minute)
		b.end(bad)
		time.Sleep(4 * time.Second)
		l.ended(t, true)
		other.ended(t, false)
		script.ended(t, false)

		// While the database is away nothing is known; afterwards nothing is missed.
		b.leave(true)
		b.end(good)
		time.Sleep(time.Minute)
		other.ended(t, false)
		b.leave(false)
		time.Sleep(4 * time.Second)
		other.ended(t, true)
		script.ended(t, false)
	})
}

// An ended session is known for as long as its access tokens may be valid, also by a gateway that was started later.
func TestEndedSession_IsKnownWhileItsTokensAreValid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{SweepEvery: time.Hour})
		bad, good := uuid.New(), uuid.New()
		b.end(bad)
		time.Sleep(4 * time.Second)
		later := NewHub(Config{SweepEvery: time.Hour}, b.journal)
		time.Sleep(10 * time.Minute)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go later.endSessions(ctx)
		for name, h := range map[string]*Hub{"from the start": b.Hub, "started later": later} {
			time.Sleep(4 * time.Second)
			if !h.Ended(bad) || h.Ended(good) || h.Ended(uuid.Nil) {
				t.Errorf("%s: ended %t, open %t, none %t", name, h.Ended(bad), h.Ended(good), h.Ended(uuid.Nil))
			}
		}
		time.Sleep(rememberEnded + time.Minute)
		synctest.Wait()
		for _, h := range []*Hub{b.Hub, later} {
			if n := len(h.sessions.ended); n != 0 {
				t.Errorf("%d sessions are remembered, whose tokens have expired", n)
			}
		}
	})
}

func TestDrain_EndsAllAndTakesNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		l, stuck := b.listen(t, Subscriber{}, false), b.listen(t, Subscriber{}, true)
		began := time.Now()
		b.Drain(time.Second)
		l.ended(t, true)
		<-stuck.Done()
		if d := time.Since(began); d > 1100*time.Millisecond {
			t.Errorf("draining took %v", d)
		}
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !fault.Is(err, fault.Unavailable) {
			t.Errorf("opened a stream: %v", err)
		}
	})
}

func TestTooManyStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{MaxPerUser: 2})
		first := b.listen(t, Subscriber{}, false)
		b.listen(t, Subscriber{}, false)
		if _, err := b.Open(t.Context(), Subscriber{UserID: b.user}); !fault.Is(err, fault.RateLimited) {
			t.Errorf("opened a third stream: %v", err)
		}
		b.listen(t, Subscriber{UserID: uuid.New()}, false)
		first.remote.Close()
		b.change(1) // noticed at the next write
		synctest.Wait()
		b.listen(t, Subscriber{}, false)
	})
}

// Whatever hints arrive, in whatever order, and whenever streams open and close: each stream gets every change after
// its start, once, in order.
func TestAnyHints_NoGapNoDouble(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		synctest.Test(t, func(t *testing.T) {
			b := setup(t, Config{})
			type client struct {
				*listener
				from, to int
			}
			var open, all []*client
			for range rapid.IntRange(1, 40).Draw(r, "steps") {
				n := int(b.head(b.user).Seq)
				switch rapid.SampledFrom([]string{"commit", "hint", "open", "resume", "leave", "wait"}).Draw(r, "step") {
				case "commit":
					b.commit(b.user, rapid.IntRange(1, 150).Draw(r, "changes"))
				case "hint":
					b.Hint(b.user, int64(rapid.IntRange(0, n+3).Draw(r, "seq")))
				case "open":
					c := &client{b.listen(t, Subscriber{}, false), n, -1}
					open, all = append(open, c), append(all, c)
				case "resume":
					from := rapid.IntRange(max(0, n-maxMissed), n).Draw(r, "from")
					c := &client{b.listen(t, Subscriber{LastID: fmt.Sprint("e1-", from)}, false), from, -1}
					if n == 0 {
						c.from = 0
					}
					open, all = append(open, c), append(all, c)
				case "leave":
					if len(open) > 0 {
						open[0].end(farewell(time.Second), false)
						synctest.Wait()
						open[0].to = open[0].from + len(open[0].ids)
						open = open[1:]
					}
				case "wait":
					synctest.Wait()
				}
			}
			time.Sleep(6 * time.Second)
			synctest.Wait()
			n := int(b.head(b.user).Seq)
			for _, c := range all {
				if c.to < 0 {
					c.to = n
				}
				for i, id := range c.ids {
					if want := fmt.Sprint("e1-", c.from+1+i); id != want {
						t.Fatalf("change %d of a stream from %d is %s", i, c.from, id)
					}
				}
				if len(c.ids) != c.to-c.from {
					t.Fatalf("a stream from %d to %d got %d changes", c.from, c.to, len(c.ids))
				}
			}
		})
	})
}
