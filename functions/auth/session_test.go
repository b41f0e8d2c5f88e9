package function

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func cleared(t *testing.T, a answer) {
	t.Helper()
	for _, name := range []string{refreshCookie, sessionCookie} {
		if c := a.cookie(t, name); c.MaxAge >= 0 || c.Value != "" {
			t.Errorf("cookie %v, want it cleared", c)
		}
	}
}

func TestRefresh_Rotates(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := newUser(t, b.Function)
	for range 3 {
		next := sessionOf(t, send(t, b.Function, refresh(s.refresh, "")).want(t, 200))
		if next.refresh == s.refresh || next.AccessToken == s.AccessToken || next.User != s.User {
			t.Errorf("%+v, then %+v", s, next)
		}
		send(t, b.Function, request{method: "GET", path: "/api/auth/me"}.as(next.AccessToken)).want(t, 200)
		s = next
	}
}

func TestRefresh_ReuseRevokesTheFamilyAndNoOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stolen := newUser(t, b.Function)
	elsewhere := sessionOf(t, send(t, b.Function, login(stolen.User.Email, password)).want(t, 200))
	next := sessionOf(t, send(t, b.Function, refresh(stolen.refresh, "")).want(t, 200))
	cleared(t, send(t, b.Function, refresh(stolen.refresh, "")).want(t, 401))
	cleared(t, send(t, b.Function, refresh(next.refresh, "")).want(t, 401))
	send(t, b.Function, refresh(elsewhere.refresh, "")).want(t, 200)
}

func TestRefresh_BadTokens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, secret := range []string{"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "not base64 at all"} {
		cleared(t, send(t, b.Function, refresh(secret, "")).want(t, 401))
	}
	s := newUser(t, b.Function)
	b.sql(t, `UPDATE refresh_token SET expires_at = now()`)
	send(t, b.Function, refresh(s.refresh, "")).want(t, 401)
}

// Of many concurrent requests with one token, at two replicas, one is served; the others look like theft.
func TestRefresh_AtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	replicas := []*Function{b.Function, b.start(t, nil)}
	s := newUser(t, b.Function)
	var good, refused atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			switch a := send(t, replicas[i%2], refresh(s.refresh, "")); a.StatusCode {
			case 200:
				good.Add(1)
			case 401:
				refused.Add(1)
			default:
				t.Errorf("answer %d %s", a.StatusCode, a.body)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 || refused.Load() != 19 {
		t.Errorf("%d were served and %d rejected, want 1 and 19", good.Load(), refused.Load())
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := newUser(t, b.Function)
	next := sessionOf(t, send(t, b.Function, refresh(s.refresh, "")).want(t, 200))
	out := request{method: "POST", path: "/api/auth/logout"}
	withCookie := out
	withCookie.cookie = next.refresh
	cleared(t, send(t, b.Function, withCookie).want(t, 204))
	cleared(t, send(t, b.Function, withCookie).want(t, 204)) // again
	send(t, b.Function, refresh(next.refresh, "")).want(t, 401)
	cleared(t, send(t, b.Function, out.as(s.AccessToken)).want(t, 204)) // no cookie
	other := newUser(t, b.Function)
	cleared(t, send(t, b.Function, out.as(other.AccessToken)).want(t, 204)) // ends the token's session
	send(t, b.Function, refresh(other.refresh, "")).want(t, 401)
	send(t, b.Function, out).want(t, 401) // no credentials at all
	withCookie.cookie = "nonsense"
	cleared(t, send(t, b.Function, withCookie).want(t, 204))
}

// The cookie may have been set by another server on the same host, or belong to an ended session. The access token's session must end
// all the same.
func TestLogout_OfAnAccessTokenBesideAStaleCookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	over := newUser(t, b.Function)
	out := request{method: "POST", path: "/api/auth/logout", cookie: over.refresh}
	send(t, b.Function, out).want(t, 204)
	for name, cookie := range map[string]string{"malformed": "x", "unknown": strings.Repeat("A", len(over.refresh)), "of a session that is over": over.refresh} {
		s := newUser(t, b.Function)
		out.cookie = cookie
		cleared(t, send(t, b.Function, out.as(s.AccessToken)).want(t, 204))
		if a := send(t, b.Function, request{method: "GET", path: "/api/auth/me"}.as(s.AccessToken)); a.StatusCode != 401 {
			t.Errorf("cookie %s: the session is open: %d", name, a.StatusCode)
		}
		cleared(t, send(t, b.Function, out.as(s.AccessToken)).want(t, 204)) // again
		cleared(t, send(t, b.Function, out.as("nonsense")).want(t, 204))
	}
}

func TestOtherOriginsAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := newUser(t, b.Function)
	for _, path := range []string{"/api/auth/refresh", "/api/auth/logout"} {
		for _, header := range [][2]string{
			{"Origin", "https://evil.example"},
			{"Origin", "http://localhost:8081"},
			{"Origin", "https://localhost:8080"},
			{"Origin", "null"},
			{"Sec-Fetch-Site", "cross-site"},
			{"Sec-Fetch-Site", "same-site"},
		} {
			q := request{method: "POST", path: path, cookie: s.refresh}
			send(t, b.Function, q.with(header[0], header[1])).want(t, 403)
		}
	}
	for _, origin := range []string{publicURL, "http://example.com"} { // httptest's own host is example.com
		s = sessionOf(t, send(t, b.Function, refresh(s.refresh, "").with("Origin", origin)).want(t, 200))
	}
}

// Another port or a sibling domain has set its own refresh cookie: the server cannot tell whose session this is.
func TestTwoRefreshCookiesAreRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	victim, attacker := newUser(t, b.Function), newUser(t, b.Function)
	for _, path := range []string{"/api/auth/refresh", "/api/auth/logout"} {
		for _, secrets := range [][2]string{{attacker.refresh, victim.refresh}, {victim.refresh, attacker.refresh}, {victim.refresh, ""}} {
			q := request{method: "POST", path: path}.with("Cookie", refreshCookie+"="+secrets[0]+"; "+refreshCookie+"="+secrets[1])
			if a := send(t, b.Function, q.as(victim.AccessToken)).want(t, 400); len(a.Cookies()) > 0 {
				t.Errorf("%s changed the cookies: %v", path, a.Cookies())
			}
		}
	}
	send(t, b.Function, refresh(victim.refresh, "")).want(t, 200)
	send(t, b.Function, refresh(attacker.refresh, "")).want(t, 200)
}

// An account has fifty sessions: one more, even with many concurrent logins, ends the one that has been unused for
// longest.
func TestSessions_Fifty(t *testing.T) {
	t.Parallel()
	b := setup(t)
	replicas := []*Function{b.Function, b.start(t, nil)}
	used := newUser(t, b.Function)
	idle := sessionOf(t, send(t, b.Function, login(used.User.Email, password)).want(t, 200))
	bob := newUser(t, b.Function)
	// 46 more, from the last days; a session that has ended does not count.
	b.sql(t, `
INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at, revoked_at)
SELECT gen_random_uuid(), gen_random_uuid(), $1::uuid, sha256(('x' || n)::bytea), now() - interval '1 minute' * (n + 1), now() + interval '1 day', CASE WHEN n = 0 THEN now() END
FROM generate_series(0, 46) n`, used.User.ID)
	b.sql(t, `UPDATE refresh_token SET created_at = now() - interval '2 days' WHERE user_id = $1 AND created_at > now() - interval '30 seconds'`, used.User.ID)
	used = sessionOf(t, send(t, b.Function, refresh(used.refresh, "")).want(t, 200)) // started first, used last
	fresh := make([]session, 3)
	var wg sync.WaitGroup
	for i := range fresh {
		wg.Go(func() { fresh[i] = sessionOf(t, send(t, replicas[i%2], login(used.User.Email, password)).want(t, 200)) })
	}
	wg.Wait()
	b.sql(t, `
SELECT FROM (SELECT count(DISTINCT family_id) FROM refresh_token WHERE user_id = $1 AND revoked_at IS NULL) living (n) WHERE n = 50`, used.User.ID)
	send(t, b.Function, refresh(idle.refresh, "")).want(t, 401)
	for _, s := range append(fresh, used, bob) {
		send(t, b.Function, refresh(s.refresh, "")).want(t, 200)
	}
}
