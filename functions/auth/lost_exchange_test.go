package function

import "testing"

// later makes all exchanges so far older.
func (b *bundle) later(t *testing.T, interval string) {
	t.Helper()
	b.sql(t, `UPDATE refresh_token SET rotated_at = rotated_at - $1::interval WHERE rotated_at IS NOT NULL`, interval)
}

// The response to an exchange was lost, and the laptop closed: the browser repeats it hours later and gets the same token.
func TestRefresh_IdempotencyKeyForADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, device := browser(t, b.Function)
	lost := sessionOf(t, send(t, b.Function, refresh(s.refresh, "k").on(device)).want(t, 200))
	b.later(t, "23 hours")
	again := sessionOf(t, send(t, b.Function, refresh(s.refresh, "k").on(device)).want(t, 200))
	if again.refresh != lost.refresh {
		t.Errorf("%s, then %s", lost.refresh, again.refresh)
	}
	b.later(t, "2 hours")
	send(t, b.Function, refresh(s.refresh, "k").on(device)).want(t, 401)
}

// A client without a device cookie gets another token, as the server has only the hash of the first.
func TestRefresh_IdempotencyKeyWithoutADevice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := newUser(t, b.Function)
	send(t, b.Function, refresh(s.refresh, "k")).want(t, 200)
	b.later(t, "23 hours")
	send(t, b.Function, refresh(s.refresh, "k")).want(t, 200)
	again := sessionOf(t, send(t, b.Function, refresh(s.refresh, "k")).want(t, 200)) // lost once more
	third := sessionOf(t, send(t, b.Function, refresh(again.refresh, "k2")).want(t, 200))
	// Now the successor is in use, so the first key no longer proves anything.
	send(t, b.Function, refresh(s.refresh, "k")).want(t, 401)
	send(t, b.Function, refresh(third.refresh, "")).want(t, 401)
}

// A thief repeats an exchange that was not lost: the second use of the two tokens ends the session.
func TestRefresh_StolenWithItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	user := newUser(t, b.Function)
	for name, of := range map[string]func(request, string) request{
		"without the device": func(q request, _ string) request { return q },
		"with the device":    request.on,
	} {
		for _, thiefFirst := range []bool{false, true} {
			a := send(t, b.Function, login(user.User.Email, password)).want(t, 200)
			s, device := sessionOf(t, a), a.cookie(t, deviceCookie).Value
			owner := sessionOf(t, send(t, b.Function, refresh(s.refresh, "k").on(device)).want(t, 200))
			b.later(t, "10 minutes")
			thief := sessionOf(t, send(t, b.Function, of(refresh(s.refresh, "k"), device)).want(t, 200))
			first, second := refresh(owner.refresh, "").on(device), of(refresh(thief.refresh, ""), device)
			if thiefFirst {
				first, second = second, first
			}
			uses := []request{first, second}
			status := 200
			for _, q := range uses {
				status = send(t, b.Function, q).StatusCode
				b.later(t, "10 minutes")
			}
			if status != 401 {
				t.Errorf("%s, thief first %t: both tokens were exchanged", name, thiefFirst)
			}
			b.sql(t, `SELECT FROM session WHERE id = (SELECT family_id FROM refresh_token WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1) AND ended_at IS NOT NULL`, user.User.ID)
		}
	}
}

// The cookie alone proves nothing, even if its successor was not used yet.
func TestRefresh_StolenWithoutItsKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, device := browser(t, b.Function)
	next := sessionOf(t, send(t, b.Function, refresh(s.refresh, "k").on(device)).want(t, 200))
	b.later(t, "10 minutes")
	send(t, b.Function, refresh(s.refresh, "guess")).want(t, 401)
	send(t, b.Function, refresh(next.refresh, "").on(device)).want(t, 401)
}
