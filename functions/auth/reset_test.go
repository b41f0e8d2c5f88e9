package function

import (
	"bufio"
	"fmt"
	"net"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/shared/eventually"
)

// mailbox is an SMTP server that keeps what it gets.
type mailbox struct {
	net.Listener
	mu     sync.Mutex
	mails  []string
	refuse bool // with a temporary error
}

func newMailbox(t *testing.T) *mailbox {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailbox{Listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go m.serve(conn)
		}
	}()
	return m
}

func (m *mailbox) serve(conn net.Conn) {
	defer conn.Close()
	say := func(line string) { _, _ = fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 test")
	lines := bufio.NewScanner(conn)
	for lines.Scan() {
		switch verb := strings.ToUpper(strings.Fields(lines.Text() + " ?")[0]); verb {
		case "MAIL":
			m.mu.Lock()
			refuse := m.refuse
			m.mu.Unlock()
			if refuse {
				say("451 later")
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go on")
			var text strings.Builder
			for lines.Scan() && lines.Text() != "." {
				text.WriteString(lines.Text() + "\n")
			}
			m.mu.Lock()
			m.mails = append(m.mails, text.String())
			m.mu.Unlock()
			say("250 ok")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (m *mailbox) setRefuse(refuse bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuse = refuse
}

func (m *mailbox) got() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.mails...)
}

var linkPattern = regexp.MustCompile(regexp.QuoteMeta(publicURL) + `/reset#([A-Za-z0-9_-]{43})\b`)

// link waits for the nth mail and returns the secret in it.
func (m *mailbox) link(t *testing.T, n int) string {
	t.Helper()
	eventually.True(t, "the mail arrives", func() bool { return len(m.got()) >= n })
	found := linkPattern.FindStringSubmatch(m.got()[n-1])
	if found == nil {
		t.Fatalf("no link in %s", m.got()[n-1])
	}
	return found[1]
}

func (b *bundle) withMail(t *testing.T, m *mailbox) *Function {
	t.Helper()
	return b.start(t, map[string]string{"SMTP_URL": "smtp://" + m.Addr().String(), "MAIL_FROM": "Taskwire <taskwire@example.com>"})
}

func askReset(email string) request {
	return request{method: "POST", path: "/api/auth/reset", body: map[string]any{"email": email}}
}

func confirmReset(token, password string) request {
	return request{method: "POST", path: "/api/auth/reset/confirm", body: map[string]any{"token": token, "password": password}}
}

func (b *bundle) queued(t *testing.T) (n int) {
	t.Helper()
	if err := b.owner(t).QueryRow(t.Context(), `SELECT count(*) FROM mail_queue`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// untilTried waits until a mail was tried once and is to be tried again soon.
func (b *bundle) untilTried(t *testing.T) {
	t.Helper()
	eventually.True(t, "it was tried", func() bool {
		var tries int
		err := b.owner(t).QueryRow(t.Context(), `SELECT tries FROM mail_queue WHERE next_at > now() AND next_at < now() + interval '30 seconds'`).Scan(&tries)
		return err == nil && tries == 1
	})
}

func TestReset(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	f := b.withMail(t, m)
	ada, bob := newUser(t, f), newUser(t, f)
	kept := decode[personal](t, send(t, f, create(named("kept")).as(ada.AccessToken)).want(t, 201))
	send(t, f, askReset(strings.ToUpper(ada.User.Email))).want(t, 202)
	link := m.link(t, 1)
	if mail := m.got()[0]; !strings.Contains(mail, "To: <"+ada.User.Email+">") || !strings.Contains(mail, "taskwire@example.com") {
		t.Errorf("the mail is\n%s", mail)
	}
	eventually.True(t, "nothing is queued", func() bool { return b.queued(t) == 0 })
	var stored string
	if err := b.owner(t).QueryRow(t.Context(), `SELECT row_to_json(r)::text FROM password_reset r`).Scan(&stored); err != nil || strings.Contains(stored, link) {
		t.Errorf("the database has the link itself: %s, %v", stored, err)
	}

	send(t, f, confirmReset(link, "Football2024")).want(t, 422) // and the link still works
	send(t, f, confirmReset(link, newPassword)).want(t, 204)
	send(t, f, confirmReset(link, password)).want(t, 422)
	send(t, f, me.as(ada.AccessToken)).want(t, 401)
	send(t, f, refresh(ada.refresh, "")).want(t, 401)
	send(t, f, login(ada.User.Email, password)).want(t, 401)
	send(t, f, login(ada.User.Email, newPassword)).want(t, 200)
	send(t, f, me.as(kept.Token)).want(t, 200)
	send(t, f, refresh(bob.refresh, "")).want(t, 200)
	if got := strings.Join(b.notices(t, ada.User.ID), ", "); got != "New access token, Password reset" {
		t.Errorf("notices %s", got)
	}
	q := askReset(ada.User.Email)
	send(t, f, q).want(t, 202)
	again := confirmReset(m.link(t, 2), password)
	again.body.(map[string]any)["revoke_tokens"] = true
	send(t, f, again).want(t, 204)
	send(t, f, me.as(kept.Token)).want(t, 401)
}

// Of all links the first that is used ends the others, and a change of the password ends all of them.
func TestReset_LinksEnd(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	f := b.withMail(t, m)
	ada, bob := newUser(t, f), newUser(t, f)
	for _, s := range []session{ada, ada, ada, bob} {
		send(t, f, askReset(s.User.Email)).want(t, 202)
	}
	var adas []string
	var bobs string
	m.link(t, 4)
	for _, mail := range m.got() {
		link := linkPattern.FindStringSubmatch(mail)[1]
		if strings.Contains(mail, "<"+ada.User.Email+">") {
			adas = append(adas, link)
		} else {
			bobs = link
		}
	}
	if len(adas) != 3 || adas[0] == adas[1] {
		t.Fatalf("links %q", adas)
	}
	// Two uses at once: one counts.
	var wg sync.WaitGroup
	status := make([]int, 4)
	for i := range status {
		wg.Go(func() { status[i] = send(t, f, confirmReset(adas[0], newPassword)).StatusCode })
	}
	wg.Wait()
	used := 0
	for _, s := range status {
		if s == 204 {
			used++
		} else if s != 422 {
			t.Errorf("status %d", s)
		}
	}
	if used != 1 {
		t.Errorf("the link was used %d times", used)
	}
	unknown := send(t, f, confirmReset(strings.Repeat("A", 43), password)).want(t, 422)
	for _, link := range append(adas, "", "x", adas[1][:42]) {
		if a := send(t, f, confirmReset(link, password)).want(t, 422); string(a.body) != string(unknown.body) {
			t.Errorf("%s, unlike an unknown link: %s", a.body, unknown.body)
		}
	}
	b.sql(t, `UPDATE password_reset SET expires_at = now()`)
	send(t, f, confirmReset(bobs, newPassword)).want(t, 422)

	send(t, f, askReset(bob.User.Email)).want(t, 202)
	link := m.link(t, 5)
	send(t, f, changePassword(password, newPassword).as(bob.AccessToken)).want(t, 200)
	send(t, f, confirmReset(link, password)).want(t, 422)
	send(t, f, login(bob.User.Email, newPassword)).want(t, 200)
}

// Status, header and body of a request are the same with and without an account, and so is what it does: one row.
func TestReset_TellsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"SMTP_URL": "smtp://127.0.0.1:1", "MAIL_FROM": "taskwire@example.com"}) // nobody listens
	ada := newUser(t, f)
	known := send(t, f, askReset(ada.User.Email)).want(t, 202)
	for _, email := range []string{"nobody@example.com", "no address", "ÄDA@example.com"} {
		a := send(t, f, askReset(email)).want(t, 202)
		for _, one := range []answer{a, known} {
			one.Header.Del("Traceresponse") // random
		}
		if string(a.body) != string(known.body) || fmt.Sprint(a.Header) != fmt.Sprint(known.Header) {
			t.Errorf("%s: %v %s, want %v %s", email, a.Header, a.body, known.Header, known.body)
		}
	}
	send(t, f, askReset("")).want(t, 422)
	// The limits are the same, too.
	for _, email := range []string{ada.User.Email, "nobody@example.com"} {
		for range 4 {
			send(t, f, askReset(email).from("203.0.113.9")).want(t, 202)
		}
		send(t, f, askReset(email).from("203.0.113.9")).want(t, 429)
	}
}

// A mail that cannot be sent is tried again, by whichever process is there, with the same link; not after the link has expired.
func TestReset_MailIsSentLater(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	m.setRefuse(true)
	f := b.withMail(t, m)
	ada := newUser(t, f)
	send(t, f, askReset(ada.User.Email)).want(t, 202)
	b.untilTried(t)
	m.setRefuse(false)
	b.sql(t, `UPDATE mail_queue SET next_at = now()`)
	b.withMail(t, m) // another process
	link := m.link(t, 1)
	eventually.True(t, "nothing is queued", func() bool { return b.queued(t) == 0 })
	send(t, f, confirmReset(link, newPassword)).want(t, 204)

	b.sql(t, `INSERT INTO mail_queue (id, email, created_at, next_at) VALUES (gen_random_uuid(), $1, $2, now())`, ada.User.Email, time.Now().Add(-31*time.Minute))
	b.withMail(t, m)
	eventually.True(t, "the late one is dropped", func() bool { return b.queued(t) == 0 })
	if n := len(m.got()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestReset_WithoutMailNamesTheOperator(t *testing.T) {
	t.Parallel()
	b := setup(t)
	if a := send(t, b.Function, askReset("ada@example.com")).want(t, 409); !strings.Contains(string(a.body), "migrate user password") {
		t.Errorf("%s", a.body)
	}
	for _, bad := range []string{"http://x", "smtp:// %", "smtp://"} {
		env := map[string]string{"SMTP_URL": bad, "MAIL_FROM": "a@example.com"}
		for k, v := range b.env {
			env[k] = v
		}
		if err := New().Start(t.Context(), env); err == nil || !strings.Contains(err.Error(), "SMTP_URL") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
