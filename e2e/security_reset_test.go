package e2e

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

const (
	pathReset   = "/api/auth/reset"
	pathConfirm = pathReset + "/confirm"
)

// mailOf returns the texts of the mail to an address, the newest first.
func mailOf(ctx context.Context, address string) ([]string, error) {
	values, err := laptop()
	if err != nil {
		return nil, err
	}
	return values.MailTo(ctx, address)
}

// link asks for a link, and returns the secret of the nth mail to the user.
func (u *user) link(t *testing.T, n int) string {
	t.Helper()
	expectStatus(t, do(t, anybody(t), post(pathReset, client.Fields{"email": u.Email})), http.StatusAccepted)
	return check.Must(check.Must(laptop())(t).ResetLink(check.Within(t, timeout), u.Email, n))(t)
}

func confirm(link, password string) client.Request {
	return post(pathConfirm, client.Fields{"token": link, "password": password})
}

func needsMail(t *testing.T) {
	t.Helper()
	if onCluster {
		t.Skip("a cluster has no server that catches mail, in which the link is read")
	}
}

// TestReset_LinksAreUsedOnce: not again, not after the password was changed in another way, not for another account, and not by
// guesses; every refusal is the same.
func TestReset_LinksAreUsedOnce(t *testing.T) {
	needsMail(t)
	t.Parallel()
	ada, bob := newUser(t), newUser(t)
	anyone := anybody(t)
	used, unused := ada.link(t, 1), ada.link(t, 2)
	bobs := bob.link(t, 1)
	stream := check.Must(ada.OpenStream(t.Context(), "", nil))(t)
	t.Cleanup(stream.Close)
	check.Must(stream.NextEvent(check.Within(t, timeout)))(t)
	expectProblem(t, do(t, anyone, confirm(used, "password1234")), http.StatusUnprocessableEntity, "/password")
	expectStatus(t, do(t, anyone, confirm(used, "unrelated violet submarine")), http.StatusNoContent)
	endOf(t, stream)
	expectProblem(t, do(t, ada.Client, client.Request{Method: http.MethodGet, Path: "/api/auth/me"}), http.StatusUnauthorized)

	guess := do(t, anyone, confirm("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "another violet submarine"))
	expectProblem(t, guess, http.StatusUnprocessableEntity, "/token")
	expectStatus(t, do(t, bob.Client, newPassword(bob.Password, "unrelated violet submarine")), http.StatusOK)
	for name, link := range map[string]string{"used": used, "another of the account": unused, "after a change": bobs, "cut": used[:42], "empty": ""} {
		if answer := do(t, anyone, confirm(link, "another violet submarine")); string(answer.Body) != string(guess.Body) || answer.Status != guess.Status {
			t.Errorf("%s: %d %s, unlike a guess: %s", name, answer.Status, answer.Body, guess.Body)
		}
	}
	for _, u := range []*user{ada, bob} {
		login := check.Must(anyone.Login(t.Context(), u.Email, "unrelated violet submarine"))(t)
		u.Client = u.As(login.AccessToken)
	}
	check.NoError(t, ada.told(t.Context(), "Password reset", 1))
	check.NoError(t, bob.told(t.Context(), "Password changed", 1))
}

// TestReset_TellsNothing: neither the response to a request for a link nor its time says whether the address has an account.
func TestReset_TellsNothing(t *testing.T) {
	needsMail(t)
	t.Parallel()
	anyone := anybody(t)
	const pairs = 15
	known, unknown := make([]time.Duration, pairs), make([]time.Duration, pairs)
	for i := range pairs {
		email := newUser(t).Email
		timed := func(email string) (time.Duration, *client.Response) {
			began := time.Now()
			answer := do(t, anyone, post(pathReset, client.Fields{"email": email}))
			return time.Since(began), answer
		}
		var a, b *client.Response
		if i%2 == 0 {
			known[i], a = timed(email)
		}
		unknown[i], b = timed(randomEmail())
		if i%2 == 1 {
			known[i], a = timed(email)
		}
		for _, r := range []*client.Response{a, b} {
			expectStatus(t, r, http.StatusAccepted)
			for _, random := range []string{"Traceresponse", "X-Request-Id", "Date"} {
				r.Header.Del(random)
			}
		}
		if string(a.Body) != string(b.Body) || fmt.Sprint(a.Header) != fmt.Sprint(b.Header) {
			t.Fatalf("%v %s with an account, %v %s without", a.Header, a.Body, b.Header, b.Body)
		}
	}
	// The fastest of each are those that waited least for other tests.
	with, without := slices.Min(known), slices.Min(unknown)
	t.Logf("%v with an account, %v without", with, without)
	if difference := (with - without).Abs(); difference > 20*time.Millisecond && difference > max(with, without)/2 {
		t.Errorf("the time tells: %v with an account, %v without", with, without)
	}
}
