package account

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/telemetry"
)

// Mail is a mail to be sent.
type Mail struct {
	ID        uuid.UUID
	Kind      MailKind
	Email     string // in lower case; perhaps no account's
	Language  string // of the account's user; "" if there is none, or none was chosen
	CreatedAt time.Time
	Tries     int        // with this one
	ClosesAt  *time.Time // when the account of the address will be deleted; nil if it will not
}

// MailKind is what a mail is about.
type MailKind string

// Kinds of mail.
const (
	MailReset    MailKind = "reset"    // it has a link to reset a password
	MailDeletion MailKind = "deletion" // the account will be deleted
)

// newMail returns a mail to an address. Its link, or the time until the account is deleted, counts from now.
func newMail(kind MailKind, email string, now time.Time) Mail {
	return Mail{ID: newID(), Kind: kind, Email: email, CreatedAt: now}
}

// Queue is the queue of the mail to be sent.
type Queue interface {
	// ClaimMail returns a mail that is due and hides it for a while, in which nobody else claims it. If none is due it returns
	// when the next one is; zero for none.
	ClaimMail(ctx context.Context, hide time.Duration) (m *Mail, next time.Time, err error)
	// AddLink adds a link to the account of the mail's address, once. It is NotFound when there is no account, or a disabled one.
	AddLink(ctx context.Context, m Mail, link TokenHash, expires time.Time) error
	// RetryMail makes a mail due again.
	RetryMail(ctx context.Context, id uuid.UUID, in time.Duration) error
	// DropMail removes a mail that was sent or cannot be.
	DropMail(ctx context.Context, id uuid.UUID) error
}

// Sender sends a mail.
type Sender interface {
	Send(ctx context.Context, to, subject, text string) error
}

const (
	// claimFor is longer than a try takes. A mail of a process that was killed is sent by the next one after this time.
	claimFor = time.Minute
	// Pauses before another try, which doubles.
	firstRetry = 5 * time.Second
	lastRetry  = 5 * time.Minute
)

// Mailer sends what requests have queued, outside of them: at least once, whatever process dies, as long as it is of use.
type Mailer struct {
	queue  Queue
	sender Sender
	links  links
	limits ratelimit.Limiter
	page   string // where links lead to
	wake   chan struct{}
}

// Wake makes it look for mail now.
func (m *Mailer) Wake() {
	select {
	case m.wake <- struct{}{}:
	default: // it will
	}
}

// Run sends until ctx is done.
func (m *Mailer) Run(ctx context.Context) {
	for {
		pause := m.drain(ctx)
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-m.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// idle is the pause when nothing is queued: another process may have been killed with a mail.
const idle = time.Minute

// drain sends what is due, and returns how long to wait for more.
func (m *Mailer) drain(ctx context.Context) (pause time.Duration) {
	for ctx.Err() == nil {
		mail, next, err := m.queue.ClaimMail(ctx, claimFor)
		if err != nil {
			return firstRetry
		}
		if mail == nil {
			if next.IsZero() {
				return idle
			}
			return max(100*time.Millisecond, time.Until(next))
		}
		if err := m.handle(ctx, *mail); err != nil && ctx.Err() == nil {
			wait := min(firstRetry<<min(mail.Tries-1, 10), lastRetry)
			slog.WarnContext(ctx, "cannot send a mail; it is tried again", "mail", mail.ID, "tries", mail.Tries, "error", err)
			_ = m.queue.RetryMail(ctx, mail.ID, wait) // else when the claim ends
		}
	}
	return 0
}

func (m *Mailer) handle(ctx context.Context, mail Mail) error {
	if mail.Kind == MailDeletion {
		return m.warn(ctx, mail)
	}
	expires := mail.CreatedAt.Add(ResetLifetime)
	if !clock().Before(expires) {
		return m.queue.DropMail(ctx, mail.ID)
	}
	secret := m.links.secret(mail.ID)
	hash, _ := hashOf(secret)
	err := m.queue.AddLink(ctx, mail, hash, expires)
	if fault.Is(err, fault.NotFound) {
		return m.queue.DropMail(ctx, mail.ID)
	}
	if err != nil {
		return err
	}
	subject, text, err := mailIn(mail.Language).reset(m.page, secret)
	if err != nil {
		return err
	}
	if err := m.sender.Send(ctx, mail.Email, subject, text); err != nil {
		return err
	}
	telemetry.Audit(ctx, telemetry.ResetMailed, slog.String("account", accountKey(mail.Email)))
	return m.queue.DropMail(ctx, mail.ID)
}

// deletionMails limits the mail about deletions to one address, which may be somebody else's: no registration proves that it is the
// user's. A mail over the limit waits, because the next deletion may be the one that is not canceled.
var deletionMails = ratelimit.Limit{Burst: 3, Every: 6 * time.Hour}

// warn sends the mail about a deletion, unless the deletion was canceled or is over.
func (m *Mailer) warn(ctx context.Context, mail Mail) error {
	if mail.ClosesAt == nil || !clock().Before(*mail.ClosesAt) {
		return m.queue.DropMail(ctx, mail.ID)
	}
	key := "deletion-mail:" + accountKey(mail.Email)
	if wait := m.limits.Wait(ctx, key, deletionMails); wait > 0 {
		return m.queue.RetryMail(ctx, mail.ID, wait)
	}
	subject, text, err := mailIn(mail.Language).deletion(*mail.ClosesAt)
	if err != nil {
		return err
	}
	if err := m.sender.Send(ctx, mail.Email, subject, text); err != nil {
		return err
	}
	m.limits.Take(ctx, key, deletionMails)
	return m.queue.DropMail(ctx, mail.ID)
}
