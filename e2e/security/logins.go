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

// spreadGuesses: however many addresses guess, one account's password is not guessed at without end.
func spreadGuesses(ctx context.Context, a *arena) error {
	target, err := a.register(ctx, a.newHost())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.hold())
	defer cancel()
	guesses := dose(a, 600, 150)
	var wrong, refused atomic.Int32
	parallel(ctx, 64, guesses, func(int) {
		resp := a.attempt(ctx, a.clientFrom(a.newHost()), login(target.Email, rand.Text()))
		switch {
		case resp == nil:
		case resp.Status == http.StatusUnauthorized:
			wrong.Add(1)
		case resp.Status == http.StatusTooManyRequests:
			refused.Add(1)
		}
	})
	if refused.Load() == 0 {
		a.fault("%d guesses at one account from as many addresses were all tried", wrong.Load())
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
