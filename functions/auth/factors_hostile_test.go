package function

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/migrations"
)

func TestTOTP_ReplayIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	secret, _ := addApp(t, b.Function, ada)
	// The code that set it up is used up, too.
	var last int64
	if err := b.owner(t).QueryRow(t.Context(), `SELECT last_step FROM totp`).Scan(&last); err != nil {
		t.Fatal(err)
	}
	used := codeAtStep(t, secret, last)
	send(t, b.Function, finish(firstStep(t, b.Function, ada), "code", used)).want(t, 401)
	// Once, however many use it at the same time.
	code := codeAt(t, secret, 1)
	var steps []step
	for range 4 {
		steps = append(steps, firstStep(t, b.Function, ada))
	}
	status := make([]int, len(steps))
	var wg sync.WaitGroup
	for i, s := range steps {
		wg.Go(func() { status[i] = send(t, b.Function, finish(s, "code", code)).StatusCode })
	}
	wg.Wait()
	if got := fmt.Sprint(status); strings.Count(got, "200") != 1 || strings.Count(got, "401") != 3 {
		t.Errorf("the same code: %s", got)
	}
}

func TestSecondStep_TransactionWorksOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	_, codes := addApp(t, b.Function, ada)
	s := firstStep(t, b.Function, ada)
	send(t, b.Function, finish(s, "recovery_code", codes[0])).want(t, 200)
	send(t, b.Function, finish(s, "recovery_code", codes[1])).want(t, 422)
	// And not late, nor as a guess.
	late := firstStep(t, b.Function, ada)
	b.sql(t, `UPDATE pending_sign_in SET expires_at = now()`)
	for _, transaction := range []string{late.Transaction, "", "x", strings.Repeat("A", 43)} {
		send(t, b.Function, finish(step{Transaction: transaction}, "recovery_code", codes[1])).want(t, 422)
	}
	// Nor with two answers at once, or none.
	s = firstStep(t, b.Function, ada)
	send(t, b.Function, post("login/second-step", fields{"transaction": s.Transaction, "code": "123456", "recovery_code": codes[1]})).want(t, 422)
	send(t, b.Function, post("login/second-step", fields{"transaction": s.Transaction})).want(t, 422)
}

func TestSecondStep_GuessesAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	secret, codes := addApp(t, b.Function, ada)
	guess := func(s step, address string) answer {
		return send(t, b.Function, finish(s, "code", "12345x").from(address))
	}
	s := firstStep(t, b.Function, ada)
	for i := range 5 {
		guess(s, fmt.Sprint("198.51.100.", i)).want(t, 401)
	}
	guess(s, "198.51.100.9").want(t, 422) // the transaction has ended, and its user is notified
	if got := strings.Join(b.notices(t, ada.User.ID), ", "); got != "Authenticator app added, Sign-in refused" {
		t.Errorf("notices %s", got)
	}
	for i := range 15 {
		if i%5 == 0 {
			s = firstStep(t, b.Function, ada)
		}
		guess(s, fmt.Sprint("198.51.100.", 10+i)).want(t, 401)
	}
	// From all addresses together; then not even the right one.
	s = firstStep(t, b.Function, ada)
	send(t, b.Function, finish(s, "code", codeAt(t, secret, 1)).from("203.0.113.1")).want(t, 429)
	send(t, b.Function, finish(s, "recovery_code", codes[0]).from("203.0.113.1")).want(t, 200)
}

// Concurrent guesses, in several sign-ins, are limited as sequential ones are.
func TestSecondStep_ConcurrentGuessesAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	addApp(t, b.Function, ada)
	steps := make([]step, 10)
	for i := range steps {
		steps[i] = firstStep(t, b.Function, ada)
	}
	status := make([]int, 5*len(steps))
	var wg sync.WaitGroup
	for i := range status {
		guess := finish(steps[i%len(steps)], "code", "12345x").from(fmt.Sprint("198.51.100.", i))
		wg.Go(func() { status[i] = send(t, b.Function, guess).StatusCode })
	}
	wg.Wait()
	evaluated, refused := 0, 0
	for _, s := range status {
		switch s {
		case 401:
			evaluated++
		case 429:
			refused++
		}
	}
	if evaluated != 20 || refused != len(status)-20 {
		t.Errorf("%d guesses were evaluated and %d refused: %v", evaluated, refused, status)
	}
}

func TestPasskey_Hostile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, bob := newUser(t, b.Function), newUser(t, b.Function)
	key, bobs := newDevice(), newDevice()
	addPasskey(t, b.Function, ada, key)
	addPasskey(t, b.Function, bob, bobs)
	options := func() []byte { return send(t, b.Function, post("login/passkey/options", fields{})).want(t, 200).body }
	refused := func(what string, answer json.RawMessage) {
		t.Helper()
		if a := send(t, b.Function, post("login/passkey", fields{"passkey": answer})); a.StatusCode != 401 {
			t.Errorf("%s: %d %s", what, a.StatusCode, a.body)
		}
	}
	there := *key
	there.party.Origin = "http://localhost.evil.example"
	refused("another origin", there.sign(t, options()))
	there = *key
	there.party.ID = "evil.example"
	refused("another site's passkey", there.sign(t, options()))
	as := *bobs
	as.auth.Options.UserHandle = key.auth.Options.UserHandle
	refused("Bob's passkey as Ada's", as.sign(t, options()))
	as = *bobs
	as.passkey.ID = key.passkey.ID
	as.auth.Options.UserHandle = key.auth.Options.UserHandle
	refused("Bob's key under Ada's credential id", as.sign(t, options()))
	refused("a passkey nobody has added", func() json.RawMessage {
		d := newDevice()
		d.auth.Options.UserHandle = key.auth.Options.UserHandle
		return d.sign(t, options())
	}())
	refused("a challenge of our own", key.sign(t, fmt.Appendf(nil, `{"challenge":%q,"rpId":"localhost"}`, base64.RawURLEncoding.EncodeToString(make([]byte, 32)))))
	for _, broken := range []string{`{}`, `"x"`, `{"response":{"clientDataJSON":"e30"}}`} {
		refused(broken, json.RawMessage(broken))
	}

	// A challenge counts for what it was given for: Bob's second step with Ada's passkey, or her sign-in as a confirmation.
	s := firstStep(t, b.Function, bob)
	send(t, b.Function, finish(s, "passkey", key.sign(t, send(t, b.Function, post("login/passkey/options", fields{"transaction": s.Transaction})).body))).want(t, 401)
	send(t, b.Function, finish(s, "passkey", bobs.sign(t, options()))).want(t, 401)
	send(t, b.Function, post("confirm", fields{"passkey": key.sign(t, options())}).as(ada.AccessToken)).want(t, 422)
	other := send(t, b.Function, post("confirm/options", nil).as(bob.AccessToken)).want(t, 200)
	send(t, b.Function, post("confirm", fields{"passkey": bobs.sign(t, other.body)}).as(ada.AccessToken)).want(t, 422)
	// An answer for a new passkey works for one, and for the account that asked.
	made := send(t, b.Function, post("factors/passkeys/options", nil).as(ada.AccessToken)).want(t, 200)
	answer := fields{"passkey": newDevice().make(t, made.body)}
	send(t, b.Function, post("factors/passkeys", answer).as(bob.AccessToken)).want(t, 422)
	send(t, b.Function, post("factors/passkeys", answer).as(ada.AccessToken)).want(t, 422) // Bob has used it up
	again := send(t, b.Function, post("factors/passkeys/options", nil).as(bob.AccessToken)).want(t, 200)
	send(t, b.Function, post("factors/passkeys", fields{"passkey": key.make(t, again.body)}).as(bob.AccessToken)).want(t, 409)
	// Nor does Bob remove or rename hers.
	id := decode[struct{ Passkeys []struct{ ID string } }](t, send(t, b.Function, get("factors").as(ada.AccessToken))).Passkeys[0].ID
	send(t, b.Function, remove("passkeys/"+id).as(bob.AccessToken)).want(t, 404)
	rename := post("factors/passkeys/"+id, fields{"name": "mine"}).as(bob.AccessToken)
	rename.method = "PATCH"
	send(t, b.Function, rename).want(t, 404)
	token := decode[personal](t, send(t, b.Function, create(named("x")).as(ada.AccessToken)).want(t, 201)).Token
	send(t, b.Function, get("factors").as(token)).want(t, 403)
}

func TestPasskey_CopyIsRefusedAndTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada, key := newUser(t, b.Function), newDevice()
	addPasskey(t, b.Function, ada, key)
	in := func() answer {
		options := send(t, b.Function, post("login/passkey/options", fields{})).want(t, 200)
		return send(t, b.Function, post("login/passkey", fields{"passkey": key.sign(t, options.body)}))
	}
	in().want(t, 200)
	in().want(t, 200)
	key.passkey.Counter = 0 // a copy from before
	in().want(t, 401)
	if got := b.notices(t, ada.User.ID); got[len(got)-1] != "A passkey may have been copied" {
		t.Errorf("notices %q", got)
	}
}

// Neither another password nor the repetition of a registration gets around the second factor.
func TestSecondFactor_NoWayAround(t *testing.T) {
	t.Parallel()
	b, m := setup(t), newMailbox(t)
	f := b.withMail(t, m)
	ada := sessionOf(t, send(t, f, register("user-ada@example.com").withKey("k")).want(t, 201))
	_, codes := addApp(t, f, ada)
	send(t, f, register("user-ada@example.com").withKey("k")).want(t, 409)
	send(t, f, askReset(ada.User.Email)).want(t, 202)
	send(t, f, confirmReset(m.link(t, 1), newPassword)).want(t, 204)
	s := decode[step](t, send(t, f, login(ada.User.Email, newPassword)).want(t, 202))
	send(t, f, finish(s, "recovery_code", codes[0])).want(t, 200)

	// The operator removes them.
	if err := migrations.ResetSignIn(t.Context(), b.db.Owner, "USER-ADA@example.com"); err != nil {
		t.Fatal(err)
	}
	send(t, f, login(ada.User.Email, newPassword)).want(t, 200)
	if got := b.notices(t, ada.User.ID); got[len(got)-1] != "Ways to sign in removed by the operator" {
		t.Errorf("notices %q", got)
	}
}
