package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// DeletionWait is how long a user can cancel the deletion of the account.
const DeletionWait = 7 * 24 * time.Hour

// Deletion is a request to delete an account.
type Deletion struct {
	ID          uuid.UUID // how logs name it
	RequestedAt time.Time
	ClosesAt    time.Time
	Notice      *notice.Notice
	Mail        *Mail // nil where no mail is sent
}

// RequestDeletion has the account of who deleted after DeletionWait; who must prove to be there as for a new password. The account stays usable, and a
// second request changes nothing. It returns the user, with the time.
func (a *Accounts) RequestDeletion(ctx context.Context, who token.Principal, secret string, from Caller) (User, error) {
	user, err := a.proved(ctx, who, "/password", secret, from)
	if err != nil {
		return User{}, err
	}
	now := clock()
	d := Deletion{ID: newID(), RequestedAt: now, ClosesAt: now.Add(DeletionWait)}
	d.Notice = newNotice(user.ID, notice.DeletionRequested, "day", d.ClosesAt.UTC().Format(time.DateOnly))
	if a.mailer != nil {
		mail := newMail(MailDeletion, user.Email, now)
		d.Mail = &mail
	}
	user, added, err := a.store.AddDeletion(ctx, who, d)
	if err != nil || !added {
		return user, err
	}
	telemetry.Audit(ctx, telemetry.DeletionRequested, slog.String("deletion", d.ID.String()))
	if a.mailer != nil {
		a.mailer.Wake()
	}
	return user, nil
}

// CancelDeletion keeps the account of who. Without a deletion it does nothing.
func (a *Accounts) CancelDeletion(ctx context.Context, who token.Principal) error {
	canceled, err := a.store.CancelDeletion(ctx, who, newNotice(who.UserID, notice.DeletionCanceled))
	if err == nil && canceled {
		telemetry.Audit(ctx, telemetry.DeletionCanceled)
	}
	return err
}
