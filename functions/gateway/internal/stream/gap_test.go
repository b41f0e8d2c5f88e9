package stream

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever the reason for missing entries, a stream never skips a number without a reset, and nothing keeps reading for
// them.
func TestMissingEntries_Reset(t *testing.T) {
	t.Parallel()
	reset := func(seq int) string { return fmt.Sprintf("sync.reset e1-%d gap", seq) }
	for name, c := range map[string]struct {
		from, to int64 // missing, of 10
		lastID   string
		text     []string
	}{
		"at the end":         {9, 10, "e1-8", []string{greeted("e1", 8, 10), reset(10)}},
		"all of what is new": {6, 10, "e1-5", []string{greeted("e1", 5, 10), reset(10)}},
		"the next":           {6, 6, "e1-5", []string{greeted("e1", 5, 10), reset(10)}},
		"in the middle":      {7, 8, "e1-5", []string{greeted("e1", 5, 10), reset(10)}},
		"everything":         {1, 10, "e1-0", []string{greeted("e1", 0, 10), reset(10)}},
		"before the cursor":  {1, 5, "e1-10", []string{greeted("e1", 10, 10)}},
		"for a fresh stream": {1, 10, "", []string{greeted("e1", 10, 10)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, Config{})
				b.commit(b.user, 10)
				b.lose(c.from, c.to)
				l := b.listen(t, Subscriber{LastID: c.lastID}, false)
				time.Sleep(time.Minute)
				if reads := b.readsSince(0); reads > 3 {
					t.Errorf("%d reads", reads)
				}
				// Later changes arrive as usual, whatever other streams there are.
				other := b.listen(t, Subscriber{LastID: "e1-10"}, false)
				b.change(2)
				l.expect(t, c.text, 11, 12, "e1")
				other.expect(t, []string{greeted("e1", 10, 10)}, 11, 12, "e1")
			})
		})
	}
}

// The first pages of a replay may be complete.
func TestMissingEntries_BehindTheFirstPage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 3*replayLimit.Events)
		b.lose(int64(2*replayLimit.Events+1), int64(3*replayLimit.Events))
		l := b.listen(t, Subscriber{LastID: "e1-0"}, false)
		l.expect(t, []string{greeted("e1", 0, 3*replayLimit.Events), fmt.Sprintf("sync.reset e1-%d gap", 3*replayLimit.Events)}, 1, 2*replayLimit.Events, "e1")
	})
}

func TestMissingEntries_LiveStreamsReset(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ from, to int64 }{
		"at the end": {4, 5}, "the next": {4, 4}, "in the middle": {5, 5}, "far into the page": {4, 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, Config{})
				b.commit(b.user, 3)
				l := b.listen(t, Subscriber{}, false)
				b.lose(c.from, c.to)
				n := max(6, int(c.to))
				if name == "at the end" {
					n = 5
				}
				b.change(n - 3)
				b.change(0) // another hint changes nothing
				time.Sleep(time.Minute)
				if reads := b.readsSince(0); reads > 4 {
					t.Errorf("%d reads", reads)
				}
				text := []string{greeted("e1", 3, 3), fmt.Sprintf("sync.reset e1-%d gap", n)}
				l.expect(t, text, 0, -1, "e1")
				b.change(1)
				l.expect(t, text, n+1, n+1, "e1")
			})
		})
	}
}

// parted is a Sink whose client can disconnect without closing anything, as behind a proxy.
type parted struct {
	*Conn
	left atomic.Bool
}

func (p *parted) Gone() bool { return p.left.Load() }

// When nothing reads for the feed, a stream cannot continue after the database was restored to an earlier state. It
// must not read without pause, and not at all once its client has disconnected.
func TestStreamThatCannotGoOn_PausesAndEndsWithItsClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.commit(b.user, 10)
		b.listen(t, Subscriber{}, false)
		b.stop() // the hub's own reads
		synctest.Wait()
		b.putBack(b.user, 4)
		before := b.readsSince(0)

		s, err := b.Open(t.Context(), Subscriber{UserID: b.user, ExpiresAt: time.Now().Add(time.Hour), LastID: "e1-4"})
		if err != nil {
			t.Fatal(err)
		}
		here, there := net.Pipe()
		go func() { // reads whatever it is sent
			buffer := make([]byte, 1<<10)
			for {
				if _, err := there.Read(buffer); err != nil {
					return
				}
			}
		}()
		client := &parted{Conn: NewConn(here, nil)}
		served := make(chan struct{})
		go func() {
			s.Serve(context.Background(), client)
			close(served)
		}()
		time.Sleep(time.Minute)
		if reads := b.readsSince(before); reads < 10 || reads > 60 {
			t.Errorf("%d reads in a minute", reads)
		}
		client.left.Store(true)
		time.Sleep(fetchRetry)
		synctest.Wait()
		select {
		case <-served:
		default:
			t.Fatal("the replay goes on after its client has left")
		}
		<-s.Done()
		before = b.readsSince(0)
		time.Sleep(time.Minute)
		if reads := b.readsSince(before); reads > 0 {
			t.Errorf("%d reads after that", reads)
		}
		_ = there.Close()
	})
}
