package e2e

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

// keepAwake wakes every function of a cluster and keeps them awake until the tests end. A small node cannot start
// several of them within a client's timeout; e2e/cluster tests sleeping and waking.
func keepAwake() error {
	ctx := context.Background()
	ready, giveUp := context.WithTimeout(ctx, timeout)
	defer giveUp()
	var watcher *client.Client
	err := world.Again(ready, func() error {
		c := client.New(frontDoor, transport).Patient()
		session, err := c.Register(ready, client.Credentials{Email: randomEmail(), Password: rand.Text(), Name: "Awake"})
		if err != nil {
			return err
		}
		token, err := c.As(session.AccessToken).CreateToken(ready, session.Password, "awake", scopeRead) // outlives the session's token
		if err != nil {
			return err
		}
		watcher = c.As(token.Secret)
		return nil
	})
	if err == nil {
		err = world.Again(ready, func() error { return allUp(ready, watcher) })
	}
	if err != nil {
		return fmt.Errorf("the functions do not wake up: %w", err)
	}
	go func() {
		for range time.Tick(3 * time.Second) { // without requests a function stays up for a minute, or for as little as 6 s
			_ = allUp(ctx, watcher) // the tests report any error
		}
	}()
	return nil
}

// allUp requests the status, which calls every function. A waking function is not an error there, but is not up yet.
func allUp(ctx context.Context, c *client.Client) error {
	answer, err := c.Do(ctx, client.Request{Method: http.MethodGet, Path: "/api/status"})
	if err != nil {
		return err
	}
	var said struct{ Parts []struct{ Status string } }
	err = json.Unmarshal(answer.Body, &said)
	asleep := slices.ContainsFunc(said.Parts, func(p struct{ Status string }) bool { return p.Status != "up" })
	if err != nil || asleep || len(said.Parts) == 0 {
		return errors.Join(err, fmt.Errorf("status: %s", answer.Body))
	}
	return nil
}
