package postgres

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/semaphore"

	"taskwire.dev/shared/fault"
)

// Party is the owner of a statement, whose share it counts against. The zero Party is the platform itself: publishers,
// clocks and batches of many users, whose number the code bounds.
type Party struct {
	user   uuid.UUID
	caller string
}

// Platform is the zero Party.
var Platform Party

// OfUser returns the party of a user.
func OfUser(id uuid.UUID) Party { return Party{user: id} }

type callerKey struct{}

// WithCaller returns a context whose statements count against the caller of that name, such as a network address, as
// long as they have no user, as in a login.
func WithCaller(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callerKey{}, name)
}

// OfCaller returns the party of WithCaller. Statements of unnamed callers share one party.
func OfCaller(ctx context.Context) Party {
	name, _ := ctx.Value(callerKey{}).(string)
	return Party{caller: "caller " + name}
}

// maxWaiting is how many requests of one party wait for its share. The gateway's bulkhead admits as many from one
// address, so only a user with several addresses can reach it.
const maxWaiting = 64

// Shares gives each party a bounded number of slots, and lets a bounded number of its requests wait for one, first
// come, first served. Parties never wait for each other here.
type Shares struct {
	places int64

	mu      sync.Mutex
	parties map[Party]*share
}

type share struct {
	places *semaphore.Weighted
	asked  int64 // requests that have a slot or wait for one
}

// NewShares returns Shares with that many slots for each party.
func NewShares(places int64) *Shares {
	return &Shares{places: places, parties: map[Party]*share{}}
}

// Take waits for a slot of p until ctx is done. The caller must call leave when it is finished.
func (s *Shares) Take(ctx context.Context, p Party) (leave func(), err error) {
	if p == Platform {
		return func() {}, nil
	}
	own, err := s.enter(p)
	if err != nil {
		return nil, err
	}
	if err := own.places.Acquire(ctx, 1); err != nil {
		s.forget(p, own)
		return nil, &fault.Error{
			Code: fault.Unavailable, Detail: "other requests of yours are still being worked on: try again when they are done",
			RetryAfter: 2 * time.Second, Cause: err,
		}
	}
	return func() {
		own.places.Release(1)
		s.forget(p, own)
	}, nil
}

func (s *Shares) enter(p Party) (*share, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.parties[p]
	if own == nil {
		own = &share{places: semaphore.NewWeighted(s.places)}
		s.parties[p] = own
	}
	if own.asked >= s.places+maxWaiting {
		return nil, &fault.Error{
			Code: fault.RateLimited, Detail: "too many requests of yours are waiting for the database: send fewer at a time",
			RetryAfter: time.Second,
		}
	}
	own.asked++
	return own, nil
}

// forget drops a party without requests, so that memory holds only active ones.
func (s *Shares) forget(p Party, own *share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own.asked--; own.asked == 0 {
		delete(s.parties, p)
	}
}
