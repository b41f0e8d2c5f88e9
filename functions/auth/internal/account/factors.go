package account

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// The second factors, as the steps of a sign-in name them.
const (
	FactorPasskey      = "passkey"
	FactorTOTP         = "totp"
	FactorRecoveryCode = "recovery_code"
)

// Passkey is a passkey of a user.
type Passkey struct {
	ID         uuid.UUID         `json:"id"`
	Name       string            `json:"name"`
	CreatedAt  time.Time         `json:"created_at"`
	LastUsedAt *time.Time        `json:"last_used_at"`
	Synced     bool              `json:"synced"` // its user's other devices have it, too
	Credential factor.Credential `json:"-"`
}

// App is the authenticator app of a user.
type App struct {
	CreatedAt  time.Time  `json:"created_at"`
	LastUsedAt *time.Time `json:"last_used_at"`
	Sealed     []byte     `json:"-"` // the secret
	LastStep   int64      `json:"-"` // codes of this and earlier steps are used up
}

// Factors are the second factors of a user.
type Factors struct {
	Passkeys      []Passkey         `json:"passkeys"` // oldest first
	TOTP          *App              `json:"totp"`
	RecoveryCodes []factor.CodeHash `json:"-"` // not used yet
	CodesLeft     int               `json:"recovery_codes_left"`
}

// Any reports whether a password is not enough to sign in. Recovery codes stand in for the others.
func (f Factors) Any() bool { return len(f.Passkeys) > 0 || f.TOTP != nil }

// Names returns the factors that a sign-in can be finished with.
func (f Factors) Names() (names []string) {
	if len(f.Passkeys) > 0 {
		names = append(names, FactorPasskey)
	}
	if f.TOTP != nil {
		names = append(names, FactorTOTP)
	}
	if f.Any() && len(f.RecoveryCodes) > 0 {
		names = append(names, FactorRecoveryCode)
	}
	return names
}

// owner returns the user as the owner of the passkeys.
func (f Factors) owner(u User) factor.Owner {
	o := factor.Owner{ID: u.ID, Email: u.Email, Name: u.Name}
	for _, p := range f.Passkeys {
		o.Credentials = append(o.Credentials, p.Credential)
	}
	return o
}

// FactorStore stores second factors. Changes of a user's are Unauthenticated when who's session has ended.
type FactorStore interface {
	// User is NotFound for an unknown id.
	User(ctx context.Context, id uuid.UUID) (User, error)
	Factors(ctx context.Context, user uuid.UUID) (Factors, error)
	// AddPending adds a sign-in that waits for its second factor.
	AddPending(ctx context.Context, p Pending) error
	// PendingUser returns the user of a sign-in; NotFound when it is unknown, has expired or was used.
	PendingUser(ctx context.Context, pending TokenHash) (User, error)
	AddChallenge(ctx context.Context, c Challenge) error
	// TakeChallenge returns a challenge and deletes it; NotFound when it is unknown, has expired or was used.
	TakeChallenge(ctx context.Context, hash [32]byte) (Challenge, error)
	// Prove does what Proof.Check decides, one proof of a user at a time. Its error is Check's, or NotFound when the pending
	// sign-in was used meanwhile.
	Prove(ctx context.Context, p Proof) error
	// AddPasskey adds a passkey, and the recovery codes if the user has no factor yet: then it returns true. It is a Conflict when
	// the passkey exists, or the user has MaxPasskeys.
	AddPasskey(ctx context.Context, who token.Principal, p Passkey, codes []factor.CodeHash, n *notice.Notice) (bool, error)
	// RenamePasskey is NotFound for another user's.
	RenamePasskey(ctx context.Context, who token.Principal, id uuid.UUID, name string) (Passkey, error)
	// SetUpTOTP stores the secret of an app to be confirmed. It is a Conflict when the user has an app.
	SetUpTOTP(ctx context.Context, who token.Principal, sealed []byte, now time.Time) error
	// ConfirmTOTP adds the app that was set up, if step returns the step of its first code, and codes as AddPasskey. It is NotFound
	// when none was set up.
	ConfirmTOTP(ctx context.Context, who token.Principal, step func(sealed []byte) (int64, error), codes []factor.CodeHash, n *notice.Notice) (bool, error)
	// RemoveFactor removes a passkey, or the app. It is NotFound for another user's, ErrLastWay for the only way to sign in, and
	// ErrConfirm for the last factor unless last is set; recovery codes go with that.
	RemoveFactor(ctx context.Context, who token.Principal, passkey *uuid.UUID, last bool, n *notice.Notice) error
	// ReplaceRecoveryCodes is a Conflict when the user has no factor that they could stand in for.
	ReplaceRecoveryCodes(ctx context.Context, who token.Principal, codes []factor.CodeHash, n *notice.Notice) error
}

// MaxPasskeys is how many passkeys a user can have.
const MaxPasskeys = 20

// maxPasskeyName is in characters.
const maxPasskeyName = 100

// Added is the result of adding a factor.
type Added struct {
	Passkey       *Passkey `json:"passkey,omitempty"`
	RecoveryCodes []string `json:"recovery_codes"` // null unless it is the first factor; shown only once
}

// Factors returns the second factors of who.
func (a *Accounts) Factors(ctx context.Context, who token.Principal) (Factors, error) {
	return a.store.Factors(ctx, who.UserID)
}

// PasskeyOptions returns what the browser of who needs to make a passkey.
func (a *Accounts) PasskeyOptions(ctx context.Context, who token.Principal) (json.RawMessage, error) {
	if err := a.needPasskeys(); err != nil {
		return nil, err
	}
	if err := a.requireFresh(ctx, who); err != nil {
		return nil, err
	}
	user, err := a.store.User(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	held, err := a.store.Factors(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	options, c, err := a.passkeys.Creation(held.owner(user))
	if err != nil {
		return nil, err
	}
	return options, a.ask(ctx, c, PurposeAdd, &who.UserID, who.SessionID[:])
}

// NewPasskey is the answer of a browser to PasskeyOptions.
type NewPasskey struct {
	Name    string          `json:"name"` // "": the browser's
	Passkey json.RawMessage `json:"passkey"`
}

// AddPasskey adds a passkey.
func (a *Accounts) AddPasskey(ctx context.Context, who token.Principal, n NewPasskey, from Caller) (Added, error) {
	if n.Name == "" {
		n.Name = deviceOf(from.Agent)
	}
	if n.Name == "" {
		n.Name = "Passkey"
	}
	var fs fault.Fields
	checkText(&fs, "/name", n.Name, maxPasskeyName)
	if err := fs.Err(); err != nil {
		return Added{}, err
	}
	c, err := a.take(ctx, n.Passkey, PurposeAdd, who.SessionID[:])
	if err != nil {
		return Added{}, errPasskey(err)
	}
	user, err := a.store.User(ctx, who.UserID)
	if err != nil {
		return Added{}, err
	}
	made, err := a.passkeys.Create(factor.Owner{ID: user.ID, Email: user.Email, Name: user.Name}, c.Data, n.Passkey)
	if err != nil {
		return Added{}, errPasskey(err)
	}
	p := Passkey{ID: newID(), Name: n.Name, CreatedAt: clock(), Synced: made.BackedUp, Credential: made}
	codes, hashes := factor.NewRecoveryCodes()
	first, err := a.store.AddPasskey(ctx, who, p, hashes,
		newNotice(user.ID, notice.PasskeyAdded, "name", p.Name))
	if err != nil {
		return Added{}, err
	}
	telemetry.Audit(ctx, telemetry.FactorAdded, slog.String("factor", FactorPasskey), slog.String("passkey", p.ID.String()))
	return Added{Passkey: &p, RecoveryCodes: onlyIf(first, codes)}, nil
}

// RenamePasskey gives a passkey another name.
func (a *Accounts) RenamePasskey(ctx context.Context, who token.Principal, id uuid.UUID, name string) (Passkey, error) {
	var fs fault.Fields
	checkText(&fs, "/name", name, maxPasskeyName)
	if err := fs.Err(); err != nil {
		return Passkey{}, err
	}
	return a.store.RenamePasskey(ctx, who, id, name)
}

// issuer is what authenticator apps show.
const issuer = "Taskwire"

// SetUpTOTP returns the secret for an authenticator app. It counts once a first code has confirmed it.
func (a *Accounts) SetUpTOTP(ctx context.Context, who token.Principal) (factor.Setup, error) {
	if err := a.requireFresh(ctx, who); err != nil {
		return factor.Setup{}, err
	}
	user, err := a.store.User(ctx, who.UserID)
	if err != nil {
		return factor.Setup{}, err
	}
	secret := factor.NewSecret()
	if err := a.store.SetUpTOTP(ctx, who, a.sealer.Seal(secret, who.UserID[:]), clock()); err != nil {
		return factor.Setup{}, err
	}
	return factor.SetupOf(secret, issuer, user.Email)
}

// ConfirmTOTP adds the authenticator app that was set up.
func (a *Accounts) ConfirmTOTP(ctx context.Context, who token.Principal, code string) (Added, error) {
	if code == "" {
		var fs fault.Fields
		fs.Add("/code", "is required")
		return Added{}, fs.Err()
	}
	codes, hashes := factor.NewRecoveryCodes()
	first, err := a.store.ConfirmTOTP(ctx, who, func(sealed []byte) (int64, error) {
		secret, err := a.sealer.Open(sealed, who.UserID[:])
		if err != nil {
			return 0, err
		}
		step, ok := factor.Step(secret, code, 0, clock())
		var fs fault.Fields
		if !ok {
			fs.Add("/code", "is not the app's current code")
		}
		return step, fs.Err()
	}, hashes, newNotice(who.UserID, notice.TOTPAdded))
	if err != nil {
		return Added{}, err
	}
	telemetry.Audit(ctx, telemetry.FactorAdded, slog.String("factor", FactorTOTP))
	return Added{RecoveryCodes: onlyIf(first, codes)}, nil
}

// RemovePasskey removes a passkey.
func (a *Accounts) RemovePasskey(ctx context.Context, who token.Principal, id uuid.UUID) error {
	return a.removeFactor(ctx, who, &id, notice.PasskeyRemoved)
}

// RemoveTOTP removes the authenticator app.
func (a *Accounts) RemoveTOTP(ctx context.Context, who token.Principal) error {
	return a.removeFactor(ctx, who, nil, notice.TOTPRemoved)
}

// removeFactor asks for more before the last one: without it the password alone is enough to sign in.
func (a *Accounts) removeFactor(ctx context.Context, who token.Principal, passkey *uuid.UUID, text notice.Text) error {
	if err := a.requireFresh(ctx, who); err != nil {
		return err
	}
	f, err := a.store.Freshness(ctx, who)
	if err != nil {
		return err
	}
	if err := a.store.RemoveFactor(ctx, who, passkey, f.confirmedJustNow(clock()), newNotice(who.UserID, text)); err != nil {
		return err
	}
	name := FactorTOTP
	if passkey != nil {
		name = FactorPasskey
	}
	telemetry.Audit(ctx, telemetry.FactorRemoved, slog.String("factor", name))
	return nil
}

// NewRecoveryCodes replaces the recovery codes of who.
func (a *Accounts) NewRecoveryCodes(ctx context.Context, who token.Principal) ([]string, error) {
	if err := a.requireFresh(ctx, who); err != nil {
		return nil, err
	}
	codes, hashes := factor.NewRecoveryCodes()
	err := a.store.ReplaceRecoveryCodes(ctx, who, hashes,
		newNotice(who.UserID, notice.RecoveryCodesReplaced))
	if err != nil {
		return nil, err
	}
	telemetry.Audit(ctx, telemetry.FactorAdded, slog.String("factor", FactorRecoveryCode))
	return codes, nil
}

func onlyIf(condition bool, codes []string) []string {
	if condition {
		return codes
	}
	return nil
}
