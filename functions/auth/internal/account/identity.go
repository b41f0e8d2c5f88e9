package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/provider"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// Identity is an account at a provider, with which a user can sign in.
type Identity struct {
	ID         uuid.UUID  `json:"id"`
	Provider   string     `json:"provider"`
	Name       string     `json:"name"`  // of the provider
	Email      string     `json:"email"` // as the provider said it last; "" is none
	LinkedAt   time.Time  `json:"linked_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
	Issuer     string     `json:"-"`
	Subject    string     `json:"-"`
}

// Ways are the ways to sign in to an account, beside passkeys.
type Ways struct {
	Password   bool       `json:"password"`
	Identities []Identity `json:"identities"` // oldest first
}

// Count returns how many ways there are, with the passkeys of held. An authenticator app is none.
func (w Ways) Count(held Factors) int {
	n := len(w.Identities) + len(held.Passkeys)
	if w.Password {
		n++
	}
	return n
}

// MaxIdentities is how many accounts at providers a user can link.
const MaxIdentities = 10

// IdentityStore stores identities, and visits to providers. Changes of a user's are Unauthenticated when who's session has ended.
type IdentityStore interface {
	// AddVisit adds a visit.
	AddVisit(ctx context.Context, v Visit) error
	// TakeVisit returns the visit of a browser and deletes it; NotFound when it is unknown, has expired, was used, or is another
	// browser's.
	TakeVisit(ctx context.Context, state, browser TokenHash) (Visit, error)
	// UseIdentity returns the user of an issuer's subject, and records the use. It is NotFound for an unknown one.
	UseIdentity(ctx context.Context, i Identity) (User, error)
	// Ways returns the ways to sign in.
	Ways(ctx context.Context, user uuid.UUID) (Ways, error)
	// AddIdentity links an identity, and notifies its user. It is a Conflict when it is linked, or the user has MaxIdentities.
	AddIdentity(ctx context.Context, who token.Principal, i Identity, n *notice.Notice) error
	// RemoveIdentity removes an identity, which it returns, and notifies its user. It is NotFound for another user's, and
	// ErrLastWay when there is no other way to sign in.
	RemoveIdentity(ctx context.Context, who token.Principal, id uuid.UUID, notify func(Identity) *notice.Notice) (Identity, error)
}

// ErrLastWay is the fault for removing the last way to sign in.
var ErrLastWay = fault.New(fault.Conflict, "this is your only way to sign in: set a password or add a passkey first")

// identityOf returns the identity that a provider has confirmed, as a new one.
func identityOf(p *provider.Provider, c provider.Claims) Identity {
	email, _ := canonicalEmail(c.Email)
	return Identity{ID: newID(), Provider: p.ID, Name: p.Name, Email: email, Issuer: c.Issuer, Subject: c.Subject}
}

// named sets the name of the identity's provider, which is its id when the operator has removed it.
func (a *Accounts) named(i Identity) Identity {
	i.Name = i.Provider
	if p := a.provider(i.Provider); p != nil {
		i.Name = p.Name
	}
	return i
}

// Ways returns the ways to sign in of who.
func (a *Accounts) Ways(ctx context.Context, who token.Principal) (Ways, error) {
	ways, err := a.store.Ways(ctx, who.UserID)
	for i := range ways.Identities {
		ways.Identities[i] = a.named(ways.Identities[i])
	}
	return ways, err
}

// VisitAsUser sends the browser of who to a provider: to link an account there, or to confirm the session.
func (a *Accounts) VisitAsUser(ctx context.Context, who token.Principal, id, purpose string, from Caller) (Departure, error) {
	if purpose != VisitLink && purpose != VisitConfirm {
		var fs fault.Fields
		fs.Add("/purpose", "must be %s or %s", VisitLink, VisitConfirm)
		return Departure{}, fs.Err()
	}
	if purpose == VisitLink { // here already, so that nobody comes back to a refusal
		if err := a.requireFresh(ctx, who); err != nil {
			return Departure{}, err
		}
	}
	return a.depart(ctx, id, purpose, &who, from)
}

// LinkIdentity links the account that who has signed in to at a provider. The address there does not matter.
func (a *Accounts) LinkIdentity(ctx context.Context, who token.Principal, r Return, secret string, from Caller) (Identity, error) {
	if err := a.requireFresh(ctx, who); err != nil {
		return Identity{}, err
	}
	p, claims, err := a.arrive(ctx, r, secret, VisitLink, &who, from)
	if err != nil {
		return Identity{}, err
	}
	i := identityOf(p, claims)
	i.LinkedAt = clock()
	err = a.store.AddIdentity(ctx, who, i, newNotice(who.UserID, notice.ProviderAdded, "provider", p.Name))
	if err != nil {
		return Identity{}, err
	}
	telemetry.Audit(ctx, telemetry.IdentityLinked, slog.String("provider", p.ID), slog.String("identity", i.ID.String()))
	return i, nil
}

// UnlinkIdentity removes an identity of who.
func (a *Accounts) UnlinkIdentity(ctx context.Context, who token.Principal, id uuid.UUID) error {
	if err := a.requireFresh(ctx, who); err != nil {
		return err
	}
	i, err := a.store.RemoveIdentity(ctx, who, id, func(i Identity) *notice.Notice {
		return newNotice(who.UserID, notice.ProviderRemoved, "provider", a.named(i).Name)
	})
	if err != nil {
		return err
	}
	telemetry.Audit(ctx, telemetry.IdentityUnlinked, slog.String("provider", i.Provider), slog.String("identity", id.String()))
	return nil
}

// confirmWithProvider confirms the session of who, who has signed in again at a provider with a linked account.
func (a *Accounts) confirmWithProvider(ctx context.Context, who token.Principal, r Return, secret string, from Caller) error {
	p, claims, err := a.arrive(ctx, r, secret, VisitConfirm, &who, from)
	if err != nil {
		return err
	}
	user, err := a.store.UseIdentity(ctx, identityOf(p, claims))
	if fault.Is(err, fault.NotFound) || err == nil && user.ID != who.UserID {
		var fs fault.Fields
		fs.Add("/provider", "is signed in to an account that is not linked to yours")
		return fs.Err()
	}
	if err != nil {
		return err
	}
	return a.store.ConfirmSession(ctx, who, ByProvider)
}
