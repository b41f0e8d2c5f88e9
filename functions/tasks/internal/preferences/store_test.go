package preferences

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/token"
)

// parts are a table and a cache in memory; the cache fails while it is away, and keeps the newest version.
type parts struct {
	stored preference.Versioned
	reads  int
	copied *preference.Versioned
	away   bool
}

func (p *parts) Preferences(context.Context, token.Principal) (preference.Versioned, error) {
	p.reads++
	return p.stored, nil
}

func (p *parts) SetPreferences(_ context.Context, _ token.Principal, chosen preference.Preferences) (preference.Versioned, error) {
	p.stored = preference.Versioned{Preferences: chosen, Version: p.stored.Version + 1}
	return p.stored, nil
}

var errAway = errors.New("the state store is away")

func (p *parts) Get(context.Context, uuid.UUID) (preference.Versioned, bool, error) {
	if p.away || p.copied == nil {
		return preference.Versioned{}, false, p.failure()
	}
	return *p.copied, true, nil
}

func (p *parts) Put(_ context.Context, _ uuid.UUID, v preference.Versioned) error {
	if !p.away && (p.copied == nil || p.copied.Version < v.Version) {
		p.copied = &v
	}
	return p.failure()
}

func (p *parts) failure() error {
	if p.away {
		return errAway
	}
	return nil
}

func lead(d string) preference.Preferences {
	p := preference.Default()
	p.ReminderLead = d
	return p
}

func TestACacheThatWasAwayNeverAnswersWithWhatWas(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &parts{stored: preference.Versioned{Preferences: preference.Default()}}
		s := NewStore(p, p)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { s.Run(ctx); close(ended) }()
		who := token.Principal{UserID: uuid.New()}
		expect := func(when, want string) {
			t.Helper()
			if got, err := s.Get(ctx, who); err != nil || got.ReminderLead != want {
				t.Fatalf("%s: %s, %v; want %s", when, got.ReminderLead, err, want)
			}
		}
		expect("at first", "PT1H")
		reads := p.reads
		if expect("from the cache", "PT1H"); p.reads != reads {
			t.Error("the table was asked for what is in the cache")
		}
		personal := who
		personal.Personal = true
		if _, err := s.Get(ctx, personal); err != nil || p.reads == reads {
			t.Errorf("a token that may be revoked was not asked about: %v", err)
		}
		p.away = true
		if _, err := s.Set(ctx, who, lead("PT2H")); err != nil {
			t.Fatal(err)
		}
		expect("without the cache", "PT2H")
		p.away = false // with its old contents
		expect("with the cache again", "PT2H")
		time.Sleep(10 * time.Second) // of the bubble's clock
		synctest.Wait()
		if p.copied.ReminderLead != "PT2H" {
			t.Errorf("the cache was not told: %+v", p.copied)
		}
		reads = p.reads
		if expect("told", "PT2H"); p.reads != reads {
			t.Error("the cache is let alone for ever")
		}
		stop()
		<-ended
	})
}
