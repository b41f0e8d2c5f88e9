// Package preferences answers what a user has chosen from a cache, and keeps it in step with the table.
package preferences

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/token"
)

// Table holds the truth.
type Table interface {
	Preferences(ctx context.Context, who token.Principal) (preference.Versioned, error)
	SetPreferences(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Versioned, error)
}

// Cache holds copies, any of which may vanish.
type Cache interface {
	// Get returns the copy, if there is one.
	Get(ctx context.Context, user uuid.UUID) (preference.Versioned, bool, error)
	// Put keeps v unless a newer version is there: a reader that is overtaken by a writer must not put
	// back the older one.
	Put(ctx context.Context, user uuid.UUID, v preference.Versioned) error
}

// Store answers from the cache where it can. What decides on reminders does not ask it: the worker reads the table.
type Store struct {
	table Table
	cache Cache

	mu     sync.Mutex
	rest   time.Time                          // until then the cache is let alone
	behind map[uuid.UUID]preference.Versioned // what the cache has not been told yet
}

// NewStore returns a Store.
func NewStore(table Table, cache Cache) *Store {
	return &Store{table: table, cache: cache, behind: map[uuid.UUID]preference.Versioned{}}
}

// restAfterFault is how long requests go past a cache that has failed, instead of each finding it out.
const restAfterFault = 5 * time.Second

// Get returns what who has chosen, or the defaults.
func (s *Store) Get(ctx context.Context, who token.Principal) (preference.Preferences, error) {
	// A personal access token may have been revoked, which only the database knows.
	usable := !who.Personal && s.usable(who.UserID)
	if usable {
		if v, found, err := s.cache.Get(ctx, who.UserID); err != nil {
			s.failed(ctx, err)
			usable = false
		} else if found {
			return v.Preferences, nil
		}
	}
	v, err := s.table.Preferences(ctx, who)
	if err == nil && usable {
		if err := s.cache.Put(ctx, who.UserID, v); err != nil {
			s.failed(ctx, err)
		}
	}
	return v.Preferences, err
}

// Set keeps what who has chosen. It waits until the cache knows, so that the next Get does; while the cache is away the
// write goes on without, and Run tells it later.
func (s *Store) Set(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Preferences, error) {
	v, err := s.table.SetPreferences(ctx, who, p)
	if err != nil {
		return preference.Preferences{}, err
	}
	s.mu.Lock()
	s.behind[who.UserID] = v
	s.mu.Unlock()
	s.tell(context.WithoutCancel(ctx), who.UserID, v)
	return v.Preferences, nil
}

// Run tells the cache what it has missed, until ctx is done.
func (s *Store) Run(ctx context.Context) {
	for tick := time.NewTicker(time.Second); ; {
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
		for user, v := range s.missed() {
			if !s.tell(ctx, user, v) {
				break
			}
		}
	}
}

func (s *Store) tell(ctx context.Context, user uuid.UUID, v preference.Versioned) bool {
	if err := s.cache.Put(ctx, user, v); err != nil {
		s.failed(ctx, err)
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.behind[user].Version == v.Version {
		delete(s.behind, user)
	}
	return true
}

func (s *Store) missed() map[uuid.UUID]preference.Versioned {
	s.mu.Lock()
	defer s.mu.Unlock()
	missed := make(map[uuid.UUID]preference.Versioned, len(s.behind))
	for user, v := range s.behind {
		missed[user] = v
	}
	return missed
}

func (s *Store) usable(user uuid.UUID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, behind := s.behind[user]
	return !behind && !time.Now().Before(s.rest)
}

func (s *Store) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return // the caller has gone: that says nothing about the cache
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !time.Now().Before(s.rest) {
		slog.Warn("the cache of preferences is let alone for a while", "error", err)
	}
	s.rest = time.Now().Add(restAfterFault)
}
