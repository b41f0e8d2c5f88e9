package function

import (
	"sync"
	"testing"
)

// browser is a user's session and the device secret of the browser.
func browser(t *testing.T, f *Function) (session, string) {
	t.Helper()
	a := send(t, f, register("tabs-"+t.Name()+"@example.com")).want(t, 201)
	return sessionOf(t, a), a.cookie(t, deviceCookie).Value
}

// Five tabs of one browser wake up together, and each refreshes with the cookie that it had, at two replicas.
func TestRefresh_TabsAtOnceGetTheSameSuccessor(t *testing.T) {
	t.Parallel()
	b := setup(t)
	replicas := []*Function{b.Function, b.start(t, nil)}
	s, device := browser(t, b.Function)
	for range 3 {
		next := make([]session, 10)
		var wg sync.WaitGroup
		for i := range next {
			key := []string{"", "key of tab " + string(rune('a'+i))}[i%2]
			wg.Go(func() {
				next[i] = sessionOf(t, send(t, replicas[i%2], refresh(s.refresh, key).on(device)).want(t, 200))
			})
		}
		wg.Wait()
		for _, n := range next {
			if n.refresh != next[0].refresh || n.refresh == s.refresh {
				t.Fatalf("successors %s and %s of %s", n.refresh, next[0].refresh, s.refresh)
			}
			send(t, b.Function, request{method: "GET", path: "/api/auth/me"}.as(n.AccessToken)).want(t, 200)
		}
		s = next[0]
	}
	b.sql(t, `SELECT FROM (SELECT count(*) FROM refresh_token WHERE user_id = $1 AND rotated_at IS NULL AND revoked_at IS NULL) living (n) WHERE n = 1`, s.User.ID)
}

// A tab that comes late gets the newest token, as the browser's tabs share the cookie.
func TestRefresh_ALateTabGetsTheNewest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, device := browser(t, b.Function)
	newest := first
	for range 4 {
		newest = sessionOf(t, send(t, b.Function, refresh(newest.refresh, "").on(device)).want(t, 200))
	}
	late := sessionOf(t, send(t, b.Function, refresh(first.refresh, "").on(device)).want(t, 200))
	if late.refresh != newest.refresh {
		t.Errorf("%s, want %s", late.refresh, newest.refresh)
	}
	send(t, b.Function, refresh(late.refresh, "").on(device)).want(t, 200)
}

// Everything else that uses a token twice still looks like theft, and ends the family.
func TestRefresh_ReuseByAnotherBrowserOrTooLate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user := newUser(t, b.Function)
	for name, reuse := range map[string]func(request) request{
		"another browser": func(q request) request {
			return q.on("AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
		},
		"no device": func(q request) request { return q.on("") },
		"too late": func(q request) request {
			b.sql(t, `UPDATE refresh_token SET rotated_at = rotated_at - interval '21 seconds' WHERE rotated_at IS NOT NULL`)
			return q
		},
	} {
		a := send(t, b.Function, login(user.User.Email, password)).want(t, 200)
		s, device := sessionOf(t, a), a.cookie(t, deviceCookie).Value
		next := sessionOf(t, send(t, b.Function, refresh(s.refresh, "").on(device)).want(t, 200))
		if a := send(t, b.Function, reuse(refresh(s.refresh, "").on(device))); a.StatusCode != 401 {
			t.Errorf("%s: %d", name, a.StatusCode)
		}
		if a := send(t, b.Function, refresh(next.refresh, "").on(device)); a.StatusCode != 401 {
			t.Errorf("%s: the family lives: %d", name, a.StatusCode)
		}
	}
}

// A thief exchanges the token first: the owner's browser gets 401, and so does the thief from then on.
func TestRefresh_StolenFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, device := browser(t, b.Function)
	stolen := sessionOf(t, send(t, b.Function, refresh(s.refresh, "")).want(t, 200))
	send(t, b.Function, refresh(s.refresh, "").on(device)).want(t, 401)
	send(t, b.Function, refresh(stolen.refresh, "")).want(t, 401)
}

func TestRefresh_NoTabAfterLogout(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, device := browser(t, b.Function)
	next := sessionOf(t, send(t, b.Function, refresh(s.refresh, "").on(device)).want(t, 200))
	send(t, b.Function, request{method: "POST", path: "/api/auth/logout", cookie: next.refresh}).want(t, 204)
	send(t, b.Function, refresh(s.refresh, "").on(device)).want(t, 401)
}
