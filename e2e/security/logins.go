package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"sync/atomic"

	"taskwire.dev/e2e/client"
)

func login(email, password string) client.Request {
	return client.Request{Method: http.MethodPost, Path: "/api/auth/login", JSON: client.Credentials{Email: email, Password: password}}
}

func rightLogins(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.flood(ctx, 100, func(ctx context.Context, _ int) {
		a.attempt(ctx, attacker.As(""), login(attacker.Email, attacker.Password))
	})
	return nil
}

// guessesAtAccount is how many passwords of one account may be tried from addresses that it has never logged in from:
// thirty, plus a few that are in flight.
const guessesAtAccount = 40

// spreadGuesses: guessing one account's password is limited, however many addresses guess.
func spreadGuesses(ctx context.Context, a *arena) error {
	target, err := a.register(ctx, a.newHost())
	if err != nil {
		return err
	}
	var wrong atomic.Int32
	parallel(ctx, 16, dose(a, 600, 100), func(int) {
		resp := a.attempt(ctx, a.clientFrom(a.newHost()), login(target.Email, rand.Text()))
		if resp != nil && resp.Status == http.StatusUnauthorized {
			wrong.Add(1)
		}
	})
	if n := wrong.Load(); n > guessesAtAccount {
		a.fault("%d guesses at one account from as many addresses were tried", n)
	}
	// Its owner is not locked out.
	if resp := a.attempt(ctx, target.As("").Patient(), login(target.Email, target.Password)); resp == nil || resp.Status != http.StatusOK {
		a.fault("the owner cannot log in meanwhile")
	}
	return nil
}

func wideGuesses(ctx context.Context, a *arena) error {
	c := a.clientFrom(a.host(0))
	a.flood(ctx, 64, func(ctx context.Context, _ int) {
		a.attempt(ctx, c, login(rand.Text()+"@example.com", rand.Text()))
	})
	return nil
}

func registrationFlood(ctx context.Context, a *arena) error {
	c := a.clientFrom(a.host(0))
	a.flood(ctx, 64, func(ctx context.Context, _ int) {
		a.attempt(ctx, c, client.Request{Method: http.MethodPost, Path: "/api/auth/register", JSON: client.Credentials{
			Email: rand.Text() + "@example.com", Password: rand.Text(), Name: "Flood",
		}})
	})
	return nil
}
