package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
)

// ResetLifetime is how long a link for a new password works.
const ResetLifetime = 30 * time.Minute

// resetRequests limits the mail to one address; a stranger can ask for it, too.
var resetRequests = ratelimit.Limit{Burst: 5, Every: 12 * time.Minute}

// errNoMail is the fault where no mail can be sent.
var errNoMail = fault.New(fault.Conflict, "this server sends no mail: ask its operator for a new password (migrate user password)")

// RequestReset asks for a link with which the account of an email address gets a new password. Response and time are the same
// whether there is one: it only queues the request. See Mailer.
func (a *Accounts) RequestReset(ctx context.Context, email string, from Caller) error {
	if a.mailer == nil {
		return errNoMail
	}
	var fs fault.Fields
	if email == "" {
		fs.Add("/email", "is required")
		return fs.Err()
	}
	requests := limits{"reset-from:" + from.Address: ratelimit.PerHour(a.limits.Registrations), "reset:" + accountKey(email): resetRequests}
	for key, limit := range requests {
		if wait := a.limiter.Take(ctx, key, limit); wait > 0 {
			return tooOften("requests for a new password", wait)
		}
	}
	canonical, ok := canonicalEmail(email)
	if !ok {
		return nil
	}
	if err := a.store.QueueMail(ctx, newMail(MailReset, canonical, clock())); err != nil {
		return err
	}
	a.mailer.Wake()
	return nil
}

// errLink is the fault for a link that is unknown, has expired or was used: which of them is nobody's business.
var errLink = func() error {
	var fs fault.Fields
	fs.Add("/token", "has expired or was used: ask for a new link")
	return fs.Err()
}()

// ResetRequest is a new password by a link.
type ResetRequest struct {
	Token        string `json:"token"`
	Password     string `json:"password"`
	RevokeTokens bool   `json:"revoke_tokens"` // the personal access tokens, too
}

// ResetPassword changes the password of the account that a link belongs to. All sessions end; the user signs in with the new
// password.
func (a *Accounts) ResetPassword(ctx context.Context, r ResetRequest, from Caller) error {
	link, ok := hashOf(r.Token)
	if !ok {
		return errLink
	}
	user, err := a.store.UserByLink(ctx, link)
	if fault.Is(err, fault.NotFound) {
		return errLink
	}
	if err != nil {
		return err
	}
	hash, err := a.hashFor(ctx, user, "/password", r.Password, from)
	if err != nil {
		return err
	}
	err = a.store.ResetPassword(ctx, user.ID, link, PasswordChange{
		Hash: hash, RevokeTokens: r.RevokeTokens,
		Notice: newNotice(user.ID, notice.PasswordReset),
	})
	if fault.Is(err, fault.NotFound) {
		return errLink
	}
	if err == nil {
		telemetry.SetUser(ctx, user.ID.String())
		telemetry.Audit(ctx, telemetry.PasswordReset, slog.Bool("tokens_revoked", r.RevokeTokens))
	}
	return err
}

// links derives the secret of a link from the id of its mail, so that sending it again after a crash sends the same link, although
// the database has only its hash.
type links struct{ key []byte }

func (l links) secret(id uuid.UUID) string {
	h := hmac.New(sha256.New, l.key)
	h.Write(id[:])
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}
