package function

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/shared/fault"
)

// TestRoom: a client gets at most a quarter, and when the room is full the longest-waiting request is closed.
func TestRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newRoom(8)
		ended := map[string]bool{}
		enter := func(client string) (*seat, error) {
			return o.enter(client, 1, func() { ended[client] = true })
		}
		var seats []*seat
		for i := range 8 {
			s, err := enter(strconv.Itoa(i / 2))
			if err != nil {
				t.Fatal(err)
			}
			seats = append(seats, s)
		}
		if _, err := enter("0"); !fault.Is(err, fault.RateLimited) {
			t.Errorf("a third of one client: %v", err)
		}
		if _, err := enter("new"); !fault.Is(err, fault.Unavailable) {
			t.Errorf("while all have only come: %v", err)
		}
		time.Sleep(minWait)
		seats[0].arrived()
		s, err := enter("new")
		if err != nil || !seats[1].evicted() || !ended["0"] || seats[2].evicted() {
			t.Errorf("%v, %v", err, ended)
		}
		for _, s := range append(seats, s) {
			s.leave()
		}
		if o.taken != 0 || len(o.clients) != 0 || o.waiting.Len() != 0 {
			t.Errorf("left: %d, %v, %d", o.taken, o.clients, o.waiting.Len())
		}
		o.join("a", 9, func() {})
		o.join("b", 9, func() {}) // in any case
		if o.taken != 18 {
			t.Errorf("%d", o.taken)
		}
	})
}
