package stream

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
)

const (
	// endEvery is how often the hub asks which sessions have ended. It is one query for all clients, which reads an index of ended
	// sessions only: no event could be lost, and the broker may be away.
	endEvery = 2 * time.Second
	// endOverlap is by how much these queries overlap: a session is ended in a transaction that commits later, and a stream may be
	// opened at the same time.
	endOverlap = 30 * time.Second
	// rememberEnded is how long an ended session is known. It is longer than its last access token is valid, which is 15 minutes.
	rememberEnded = 16 * time.Minute
)

// sessions knows which have ended, and since when that is known here.
type sessions struct {
	mu    sync.RWMutex
	ended map[uuid.UUID]time.Time
}

// add adds sessions, and forgets those whose access tokens have expired.
func (s *sessions) add(ids []uuid.UUID, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, since := range s.ended {
		if now.Sub(since) > rememberEnded {
			delete(s.ended, id)
		}
	}
	for _, id := range ids {
		if _, known := s.ended[id]; !known {
			s.ended[id] = now
		}
	}
}

// Ended reports whether a session is known to have ended: its access tokens are refused although they have not expired. After the
// end of a session that takes a few seconds, and with the database away it waits for the database.
func (h *Hub) Ended(session uuid.UUID) bool {
	h.sessions.mu.RLock()
	defer h.sessions.mu.RUnlock()
	_, ended := h.sessions.ended[session]
	return ended
}

// endSessions learns which sessions have ended, and ends their streams. The first query is for all whose tokens may still be valid.
func (h *Hub) endSessions(ctx context.Context) {
	for asked := time.Now().Add(-rememberEnded); ctx.Err() == nil; sleep(ctx, endEvery) {
		now := time.Now()
		ended, err := h.log.Ended(ctx, now.Sub(asked)+endOverlap)
		if err != nil {
			if ctx.Err() == nil {
				slog.Debug("cannot read which sessions have ended", "error", err)
			}
			continue // the next one covers this time, too
		}
		asked = now
		h.sessions.add(ended, now)
		h.endThoseOf(ended, func(s *Stream) uuid.UUID { return s.session })
	}
}
