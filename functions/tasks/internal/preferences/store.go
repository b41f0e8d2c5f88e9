// Package preferences reads users' preferences from a cache, and keeps it in step with the table.
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

// Table is the source of truth.
type Table interface {
	Preferences(ctx context.Context, who token.Principal) (preference.Versioned, error)
	SetPreferences(ctx context.Context, who token.Principal, p preference.Preferences) (preference.Versioned, error)
}

// Cache holds copies, any of which may disappear.
type Cache interface {
	// Get returns the copy, if there is one.
	Get(ctx context.Context, user uuid.UUID) (preference.Versioned, bool, error)
	// Put stores v unless a newer version is there: a reader that was overtaken by a writer must not restore the older
	// one.
	Put(ctx context.Context, user uuid.UUID, v preference.Versioned) error
}

// Store reads from the cache when it can. Decisions about reminders do not use it: the worker reads the table.
type Store struct {
	table Table
	cache Cache

	mu     sync.Mutex
	rest   time.Time                          // the cache is not used until then
	behind map[uuid.UUID]preference.Versioned // preferences that are not in the cache yet
}

// NewStore returns a Store.
func NewStore(table Table, cache Cache) *Store {
	return &Store{table: table, cache: cache, behind: map[uuid.UUID]preference.Versioned{}}
}

// restAfterFault is how long requests bypass a cache that has failed, instead of each trying it.
const restAfterFault = 5 * time.Second

// Get returns who's preferences, or the defaults.
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

// Set stores who's preferences. It waits until the cache has them, so that the next Get returns them; while the cache
// is unavailable it succeeds without, and Run updates the cache later.
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

// Run writes missed updates to the cache, until ctx is done.
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
		return // the caller has disconnected: that says nothing about the cache
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !time.Now().Before(s.rest) {
		slog.Warn("the cache of preferences is let alone for a while", "error", err)
	}
	s.rest = time.Now().Add(restAfterFault)
}
