package function

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/shared/redis"
)

// While more clients log in with one account's correct password than there are places, every login of another user
// succeeds, from the same office and from elsewhere. (Only a few more, because each rejected one retries at once.)
func TestLogin_FloodOfOneAccount(t *testing.T) {
	t.Parallel()
	b := setup(t)
	mallory, ada := newUser(t, b.Function), newUser(t, b.Function)
	for name, c := range map[string]struct {
		logins  int
		address func(i int) string
	}{
		"from one address": {6, func(int) string { return "192.0.2.66" }},
		"from many":        {18, func(i int) string { return fmt.Sprint("198.51.100.", i) }},
	} {
		t.Run(name, func(t *testing.T) {
			var stop atomic.Bool
			var wg sync.WaitGroup
			defer wg.Wait()
			defer stop.Store(true)
			for i := range c.logins {
				wg.Go(func() {
					for !stop.Load() {
						a := send(t, b.Function, login(mallory.User.Email, password).from(c.address(i)))
						if a.StatusCode != 200 && a.StatusCode != 429 {
							t.Errorf("the flood got %d %s", a.StatusCode, a.body)
							return
						}
					}
				})
			}
			for i := range 6 {
				send(t, b.Function, login(ada.User.Email, password).from(c.address(i))).want(t, 200)
				send(t, b.Function, login(ada.User.Email, password).from("203.0.113.9")).want(t, 200)
			}
		})
	}
}

func TestLogin_SuccessesAreLimited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"LOGINS_PER_HOUR": "10"}) // two for one account
	ada, bob := newUser(t, f), newUser(t, f)
	for range 2 {
		send(t, f, login(ada.User.Email, password)).want(t, 200)
	}
	send(t, f, login(ada.User.Email, password)).want(t, 429)
	send(t, f, login(ada.User.Email, password).from("198.51.100.7")).want(t, 429)
	send(t, f, login(bob.User.Email, password)).want(t, 200)
	send(t, f, refresh(ada.refresh, "")).want(t, 200) // existing sessions stay valid

	for range 7 {
		send(t, f, login(newUser(t, f).User.Email, password)).want(t, 200)
	}
	send(t, f, login(bob.User.Email, password)).want(t, 429)
	send(t, f, login(bob.User.Email, password).from("198.51.100.7")).want(t, 200)
}

// Guesses spread over many addresses are limited in total, and do not lock the owner out: neither where the account has
// logged in before, nor on a known device.
func TestLogin_StrangersShareTheirGuesses(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := send(t, b.Function, register("ada@example.com").from("203.0.113.1")).want(t, 201)
	device := first.cookie(t, deviceCookie).Value
	bob := send(t, b.Function, register("bob@example.com").from("203.0.113.2")).want(t, 201).cookie(t, deviceCookie).Value
	guess := func(i int) request {
		return login("Ada@example.com", "wrong password").from(fmt.Sprint("198.51.100.", i))
	}
	for i := range 30 {
		send(t, b.Function, guess(i)).want(t, 401)
	}
	send(t, b.Function, guess(30)).want(t, 429)
	right := login("ada@example.com", password)
	send(t, b.Function, right.from("198.51.100.40")).want(t, 429) // any guess is rejected, even a correct one
	for _, useless := range []string{bob, "x", "x.y", device + "x", first.cookie(t, refreshCookie).Value} {
		send(t, b.Function, right.from("198.51.100.41").on(useless)).want(t, 429)
	}

	send(t, b.Function, right.from("203.0.113.1")).want(t, 200)
	send(t, b.Function, right.from("198.51.100.42").on(device)).want(t, 200)
	send(t, b.Function, right.from("198.51.100.42")).want(t, 200) // known by now
	send(t, b.Function, login("bob@example.com", password).from("198.51.100.1")).want(t, 200)

	// A device has as many guesses as one client.
	for range 10 {
		send(t, b.Function, guess(50).on(device)).want(t, 401)
	}
	send(t, b.Function, guess(51).on(device)).want(t, 429)
	// Unknown accounts get the same responses.
	for i := range 30 {
		send(t, b.Function, login("nobody@example.com", password).from(fmt.Sprint("198.51.100.", 100+i))).want(t, 401)
	}
	send(t, b.Function, login("nobody@example.com", password).from("198.51.100.140")).want(t, 429)
}

// An address is known for 30 days after the last login from there, not after the first.
func TestLogin_KeepsItsAddressKnown(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := newUser(t, b.Function)
	client, err := redis.Open(redis.Config{URL: b.redis.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	known := client.Keys(t.Context(), "*known:*").Val()
	if len(known) != 1 {
		t.Fatalf("keys %q", known)
	}
	soon := time.Now().Add(time.Hour) // it was stored 30 days ago
	if err := client.Set(t.Context(), known[0], soon.UnixMicro(), time.Hour).Err(); err != nil {
		t.Fatal(err)
	}
	send(t, b.Function, login(ada.User.Email, password)).want(t, 200)
	if left := client.PTTL(t.Context(), known[0]).Val(); left < 29*24*time.Hour || left > 30*24*time.Hour {
		t.Errorf("the address is known for %v", left)
	}
}

func TestRegister_LimitedByEmailAddress(t *testing.T) {
	t.Parallel()
	b := setup(t)
	f := b.start(t, map[string]string{"REGISTER_LIMIT_PER_HOUR": "2"})
	send(t, f, register("ada@example.com").from("198.51.100.1")).want(t, 201)
	send(t, f, register("ada@example.com").from("198.51.100.2")).want(t, 409)
	send(t, f, register("ADA@example.com").from("198.51.100.3")).want(t, 429)
	send(t, f, register("bob@example.com").from("198.51.100.3")).want(t, 201)
}

// A key belongs to one client: another client with the same key, even for the same account, learns nothing from it.
func TestRegister_IdempotencyKeyOfAnotherClient(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := register("ada@example.com").withKey("k")
	send(t, b.Function, ada.from("198.51.100.1")).want(t, 201)
	bob := register("bob@example.com").withKey("k")
	send(t, b.Function, bob.from("198.51.100.2")).want(t, 201)
	send(t, b.Function, bob.from("198.51.100.1")).want(t, 422)

	withKey := send(t, b.Function, ada.from("198.51.100.3")).want(t, 409)
	without := send(t, b.Function, register("ada@example.com").from("198.51.100.3")).want(t, 409)
	if string(withKey.body) != string(without.body) {
		t.Errorf("with another client's key: %s\nwithout: %s", withKey.body, without.body)
	}
}

// Repeating a registration tries a password, so it counts as a login.
func TestRegister_AgainIsNoWayToGuess(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ada := register("ada@example.com").withKey("k")
	send(t, b.Function, ada).want(t, 201)
	guess := ada
	guess.body = map[string]any{"email": "ada@example.com", "password": "wrong password", "name": "Ada"}
	for range 10 {
		send(t, b.Function, guess).want(t, 422)
	}
	send(t, b.Function, guess).want(t, 429)
	send(t, b.Function, login("ada@example.com", password)).want(t, 429)
}
