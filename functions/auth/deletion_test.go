package function

import (
	"strings"
	"testing"

	"taskwire.dev/shared/eventually"
)

func requestDeletionOf(s session) request {
	return request{method: "POST", path: "/api/auth/deletion", body: map[string]any{"password": password}}.as(s.AccessToken)
}

func cancelDeletionOf(s session) request {
	return request{method: "DELETE", path: "/api/auth/deletion"}.as(s.AccessToken)
}

// deferred reports whether exactly one queued mail is due in more than an hour.
func (b *bundle) deferred(t *testing.T) bool {
	t.Helper()
	var n int
	err := b.owner(t).QueryRow(t.Context(), `SELECT count(*) FROM mail_queue WHERE next_at > now() + interval '1 hour'`).Scan(&n)
	return err == nil && n == 1
}

// An address, which may be somebody else's, gets at most three mails in a row. The request succeeds in any case, and the mail of a deletion
// that is not canceled is sent later.
func TestDeletion_MailsOfOneAddressAreLimited(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	f := b.withMail(t, m)
	ada, bob := newUser(t, f), newUser(t, f)
	for n := range 3 {
		send(t, f, requestDeletionOf(ada)).want(t, 200)
		eventually.True(t, "the mail arrives", func() bool { return len(m.got()) == n+1 && b.queued(t) == 0 })
		send(t, f, cancelDeletionOf(ada)).want(t, 204)
	}
	send(t, f, requestDeletionOf(ada)).want(t, 200)
	eventually.True(t, "the fourth mail waits", func() bool { return b.deferred(t) })
	send(t, f, requestDeletionOf(bob)).want(t, 200)
	eventually.True(t, "the mail to another address arrives", func() bool { return len(m.got()) == 4 })
	if !strings.Contains(m.got()[3], bob.User.Email) {
		t.Errorf("the fourth mail is\n%s", m.got()[3])
	}
}

// The mail of a deletion that was canceled or is over is not sent any more.
func TestDeletion_MailEndsWithTheDeletion(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	m.setRefuse(true)
	f := b.withMail(t, m)
	ada := newUser(t, f)
	send(t, f, requestDeletionOf(ada)).want(t, 200)
	send(t, f, cancelDeletionOf(ada)).want(t, 204)
	if n := b.queued(t); n != 0 {
		t.Errorf("%d mails are queued after the cancellation", n)
	}
	send(t, f, requestDeletionOf(ada)).want(t, 200)
	b.untilTried(t)
	m.setRefuse(false)
	b.sql(t, `UPDATE account_deletion SET closes_at = now()`)
	b.sql(t, `UPDATE mail_queue SET next_at = now()`)
	b.withMail(t, m) // another process
	eventually.True(t, "the late one is dropped", func() bool { return b.queued(t) == 0 })
	if n := len(m.got()); n != 0 {
		t.Errorf("%d mails", n)
	}
}
