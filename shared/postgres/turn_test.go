package postgres

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
)

func TestTurnsAreTakenOneByOneAndForgotten(t *testing.T) {
	t.Parallel()
	var ts turns
	users := []uuid.UUID{uuid.New(), uuid.New()}
	inside := make([]int, len(users))
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			done, err := ts.take(t.Context(), users[i%2])
			if err != nil {
				t.Error(err)
				return
			}
			if inside[i%2]++; inside[i%2] != 1 { // -race finds it as well
				t.Errorf("%d at once", inside[i%2])
			}
			inside[i%2]--
			done()
		})
	}
	wg.Wait()
	held, _ := ts.take(t.Context(), users[0])
	late, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ts.take(late, users[0]); err == nil {
		t.Error("a turn that is taken was given")
	}
	held()
	if len(ts.users) != 0 {
		t.Errorf("%d users are remembered", len(ts.users))
	}
}
