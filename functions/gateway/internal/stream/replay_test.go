package stream

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
)

// resumed is the stream of a client that has missed all changes and does not read.
type resumed struct {
	*Stream
	client net.Conn
}

func (b bundle) resume(t *testing.T, user uuid.UUID) resumed {
	t.Helper()
	s, err := b.Open(t.Context(), Subscriber{UserID: user, ExpiresAt: time.Now().Add(time.Hour), LastID: "e1-0"})
	if err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	t.Cleanup(func() { _ = there.Close() })
	go s.Serve(context.Background(), NewConn(here, nil))
	return resumed{s, there}
}

// heap returns the bytes that are in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// However many streams of a user resume, and however long the changes are: a few pages are kept, and they are accounted for.
func TestResume_ClientsThatDoNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.padding = strings.Repeat("😀", 20_000)
		b.commit(b.user, 500)
		before := heap()
		var streams []resumed
		for range 49 {
			streams = append(streams, b.resume(t, b.user))
		}
		synctest.Wait()
		if kept := heap() - before; kept > 4<<20 {
			t.Errorf("%d bytes are kept for clients that do not read", kept)
		}
		if n := b.unsent.Load(); n < maxReplays*maxUnsentThen || n > 2*maxReplays*maxUnsentThen {
			t.Errorf("%d bytes are accounted for", n)
		}
		live := b.listen(t, Subscriber{}, false)
		b.change(1)
		live.expect(t, []string{greeted("e1", 500, 500)}, 501, 501, "e1")

		time.Sleep(WriteTimeout + time.Second)
		for _, s := range streams {
			<-s.Done()
		}
		live.ended(t, false)
		if n := b.unsent.Load(); n != 0 {
			t.Errorf("%d bytes are still accounted for", n)
		}
	})
}

// A stream that waits for its turn gets hello and pings, ends when it must, and misses nothing.
func TestResume_WaitsForItsTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.padding = strings.Repeat("x", 2*maxUnsentThen)
		b.commit(b.user, 3)
		for range maxReplays {
			b.resume(t, b.user)
		}
		synctest.Wait()
		session := uuid.New()
		waits, ends := b.listen(t, Subscriber{LastID: "e1-0"}, false), b.listen(t, Subscriber{LastID: "e1-0", Session: session}, false)
		b.end(session)
		b.change(1)
		time.Sleep(pingEvery + time.Second)
		ends.ended(t, true)
		waits.ended(t, false)
		waits.mu.Lock()
		if len(waits.text) != 2 || waits.text[1] != "ping" || len(waits.ids) > 0 {
			t.Errorf("got %q and %v while it waits", waits.text, waits.ids)
		}
		waits.mu.Unlock()
		time.Sleep(WriteTimeout) // the others are cut off
		waits.expect(t, []string{greeted("e1", 0, 3)}, 1, 4, "e1")
		waits.ended(t, false)
	})
}

// When the streams together hold too much memory, those that are slow to read get a sync.reset.
func TestResume_SlowClientsUnderPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := setup(t, Config{})
		b.padding = strings.Repeat("x", maxUnsentThen)
		users := make([]uuid.UUID, 2*maxUnsentAll/maxUnsentThen/maxReplays)
		var streams []resumed
		for i := range users {
			users[i] = uuid.New()
			b.commit(users[i], 2)
			for range maxReplays {
				streams = append(streams, b.resume(t, users[i]))
			}
		}
		synctest.Wait()
		if n := b.unsent.Load(); n < maxUnsentAll {
			t.Fatalf("only %d bytes are unsent", n)
		}
		last := make([]chan string, len(streams)) // the end of what each client has read
		for i, s := range streams {
			last[i] = make(chan string, 1)
			go func() { // reads 2 KB a second, and later what there is
				var end []byte
				buffer := make([]byte, 2<<10)
				for began := time.Now(); ; {
					n, err := s.client.Read(buffer)
					if err != nil {
						last[i] <- string(end)
						return
					}
					end = append(end, buffer[:n]...)
					end = end[max(0, len(end)-200):]
					if time.Since(began) < WriteTimeout+5*time.Second {
						time.Sleep(time.Second)
					}
				}
			}()
		}
		time.Sleep(2 * time.Minute)
		reset := 0
		for i, s := range streams {
			select {
			case <-s.Done():
				if end := <-last[i]; !strings.Contains(end, `"reason":"slow"`) {
					t.Errorf("stream %d ended with %q", i, end)
				}
				reset++
			default:
			}
		}
		if reset < len(streams)/2 {
			t.Errorf("%d of %d streams were reset", reset, len(streams))
		}
	})
}

// Whatever ends the pages of a replay, it is complete and in order, and so is what comes after it.
func TestResume_LongChanges(t *testing.T) {
	for _, size := range []int{0, 1_000, replayLimit.Bytes / 2, replayLimit.Bytes + 1} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := setup(t, Config{})
				b.commit(b.user, 1)
				b.padding = strings.Repeat("x", size)
				b.commit(b.user, 30)
				l := b.listen(t, Subscriber{LastID: "e1-1"}, false)
				b.change(2)
				l.expect(t, []string{greeted("e1", 1, 31)}, 2, 33, "e1")
			})
		})
	}
}
