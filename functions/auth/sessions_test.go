package function

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

const (
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
	iphone  = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)

type openSession struct {
	ID, Device, Network string
	CreatedAt           time.Time `json:"created_at"`
	LastUsedAt          time.Time `json:"last_used_at"`
	ExpiresAt           time.Time `json:"expires_at"`
	EndsAt              time.Time `json:"ends_at"`
	Current             bool
}

func sessions(query string) request {
	return request{method: "GET", path: "/api/auth/sessions" + query}
}

func endSession(id string) request {
	return request{method: "DELETE", path: "/api/auth/sessions/" + id}
}

var endOthers = request{method: "DELETE", path: "/api/auth/sessions"}

// by sends the request with a User-Agent, from an address.
func (q request) by(agent, address string) request {
	q.header = map[string]string{"User-Agent": agent, "X-Forwarded-For": address}
	return q
}

func (b *bundle) sessions(t *testing.T, s session) []openSession {
	t.Helper()
	return decode[page[openSession]](t, send(t, b.Function, sessions("").as(s.AccessToken)).want(t, 200)).Items
}

func TestSessions_AreListedAndEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := newUser(t, b.Function), newUser(t, b.Function)
	laptop := sessionOf(t, send(t, b.Function, login(ada.User.Email, password).by(firefox, "127.0.0.1")).want(t, 200))
	phone := sessionOf(t, send(t, b.Function, login(ada.User.Email, password).by(iphone, "203.0.113.9")).want(t, 200))
	list := b.sessions(t, laptop)
	if len(list) != 3 {
		t.Fatalf("%+v", list)
	}
	p, l := list[0], list[1]
	if p.Device != "Safari on iPhone" || p.Network != "internet" || p.Current || l.Device != "Firefox on Linux" || l.Network != "local" || !l.Current ||
		!l.EndsAt.Equal(l.CreatedAt.Add(90*24*time.Hour)) || !l.ExpiresAt.Equal(l.LastUsedAt.Add(30*24*time.Hour)) {
		t.Errorf("%+v", list)
	}
	first := decode[page[openSession]](t, send(t, b.Function, sessions("?limit=1").as(laptop.AccessToken)).want(t, 200))
	rest := decode[page[openSession]](t, send(t, b.Function, sessions("?cursor="+*first.NextCursor).as(laptop.AccessToken)).want(t, 200))
	if len(first.Items) != 1 || len(rest.Items) != 2 || rest.Items[0].ID != l.ID {
		t.Errorf("pages %+v, %+v", first, rest)
	}
	send(t, b.Function, sessions("?user=1").as(laptop.AccessToken)).want(t, 422)

	// Another user's, and what does not exist, look the same.
	// An id has one form: others of the user's own are not found either.
	hyphenless := strings.ReplaceAll(p.ID, "-", "")
	for _, id := range []string{b.sessions(t, bob)[0].ID, uuid.NewString(), "nonsense", "urn:uuid:" + p.ID, "{" + p.ID + "}", hyphenless} {
		send(t, b.Function, endSession(id).as(laptop.AccessToken)).want(t, 404)
	}
	send(t, b.Function, endSession(p.ID).as(laptop.AccessToken)).want(t, 204)
	send(t, b.Function, endSession(p.ID).as(laptop.AccessToken)).want(t, 404)
	send(t, b.Function, refresh(phone.refresh, "")).want(t, 401)
	send(t, b.Function, endOthers.as(laptop.AccessToken)).want(t, 204)
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 401)
	laptop = sessionOf(t, send(t, b.Function, refresh(laptop.refresh, "")).want(t, 200))
	if list := b.sessions(t, laptop); len(list) != 1 || !list[0].Current {
		t.Errorf("%+v", list)
	}
	send(t, b.Function, refresh(bob.refresh, "")).want(t, 200)
	cleared(t, send(t, b.Function, endSession(l.ID).as(laptop.AccessToken)).want(t, 204))
	send(t, b.Function, refresh(laptop.refresh, "")).want(t, 401)
}

// The access token of a session that has ended manages nothing, although it has not expired.
func TestSessions_AnEndedOneManagesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	stolen := sessionOf(t, send(t, b.Function, login(ada.User.Email, password)).want(t, 200))
	send(t, b.Function, request{method: "POST", path: "/api/auth/logout", cookie: stolen.refresh}).want(t, 204)
	for _, q := range []request{
		me, create(named("for a year")), list(""), revoke(uuid.NewString()), sessions(""), endSession(uuid.NewString()), endOthers, changePassword(password, newPassword),
	} {
		send(t, b.Function, q.as(stolen.AccessToken)).want(t, 401)
	}
	send(t, b.Function, refresh(ada.refresh, "")).want(t, 200)
}

func TestSessions_EndAfterNinetyDays(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	b.sql(t, `UPDATE session SET ends_at = now() + interval '5 minutes' WHERE user_id = $1`, ada.User.ID)
	next := sessionOf(t, send(t, b.Function, refresh(ada.refresh, "")).want(t, 200))
	if next.ExpiresIn > 300 {
		t.Errorf("the access token lives for %d s, longer than its session", next.ExpiresIn)
	}
	if s := b.sessions(t, next)[0]; s.ExpiresAt.After(s.EndsAt) {
		t.Errorf("%+v", s)
	}
	b.sql(t, `UPDATE session SET ends_at = now() WHERE user_id = $1`, ada.User.ID)
	send(t, b.Function, me.as(next.AccessToken)).want(t, 401)
	send(t, b.Function, refresh(next.refresh, "")).want(t, 401)
}

// A session that a function of the release before started is recorded when it is used.
func TestSessions_OfAnEarlierRelease(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	b.sql(t, `DELETE FROM session WHERE user_id = $1`, ada.User.ID)
	next := sessionOf(t, send(t, b.Function, refresh(ada.refresh, "")).want(t, 200))
	if list := b.sessions(t, next); len(list) != 1 || !list[0].Current {
		t.Errorf("%+v", list)
	}
}

func TestNewDevice_NotifiesItsUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function) // from 192.0.2.1
	var known string
	for _, c := range []struct {
		name string
		q    request
		told bool
	}{
		{"a script, as at registration", login(ada.User.Email, password), false},
		{"another browser there", login(ada.User.Email, password).by(firefox, "192.0.2.1"), true},
		{"the same, without cookies", login(ada.User.Email, password).by(firefox, "192.0.2.1"), false},
		{"the same kind elsewhere", login(ada.User.Email, password).by(firefox, "203.0.113.9"), true},
		{"a known device elsewhere", login(ada.User.Email, password).by(iphone, "203.0.113.7"), false},
	} {
		before := len(b.notices(t, ada.User.ID))
		if strings.HasPrefix(c.name, "a known") {
			c.q = c.q.on(known)
		}
		a := send(t, b.Function, c.q).want(t, 200)
		known = a.cookie(t, deviceCookie).Value
		titles := b.notices(t, ada.User.ID)
		if told := len(titles) > before; told != c.told || told && titles[before] != "New sign-in" {
			t.Errorf("%s: notices %q", c.name, titles[before:])
		}
	}
}
