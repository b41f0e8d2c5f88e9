package tick

import (
	"context"
	"errors"
	"sync"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
)

// guard is a Guard in memory that can be unavailable, or forget.
type guard struct {
	mu          sync.Mutex
	unavailable bool
	sent        map[uuid.UUID]bool
}

var errGuardUnavailable = errors.New("the state store is unavailable")

func (g *guard) Sent(_ context.Context, reminders []*reminder.Reminder) (map[uuid.UUID]bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unavailable {
		return nil, errGuardUnavailable
	}
	known := map[uuid.UUID]bool{}
	for _, r := range reminders {
		if g.sent[r.ID] {
			known[r.ID] = true
		}
	}
	return known, nil
}

func (g *guard) Remember(_ context.Context, reminders []*reminder.Reminder) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.unavailable {
		return errGuardUnavailable
	}
	if g.sent == nil {
		g.sent = map[uuid.UUID]bool{}
	}
	for _, r := range reminders {
		g.sent[r.ID] = true
	}
	return nil
}
