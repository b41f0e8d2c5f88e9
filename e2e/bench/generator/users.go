package generator

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"taskwire.dev/e2e/client"
)

// Users are registered users with their sessions.
type Users struct {
	client   *client.Client
	sessions []*client.Session
	renewed  time.Time
}

// atOnce is how many users register at a time: hashing passwords is expensive on purpose.
const atOnce = 2

// Register creates n users.
func Register(ctx context.Context, url string, n int) (*Users, error) {
	u := &Users{client: client.New(url, http.DefaultTransport).Patient(), sessions: make([]*client.Session, n)}
	return u, u.each(func(i int) (*client.Session, error) {
		email := fmt.Sprintf("bench.%s@example.com", strings.ToLower(rand.Text()))
		return u.client.Register(ctx, client.Credentials{Email: email, Password: rand.Text(), Name: "Bench"})
	})
}

// each replaces every user's session.
func (u *Users) each(session func(i int) (*client.Session, error)) error {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i := range u.sessions {
		group.Go(func() error {
			s, err := session(i)
			if err != nil {
				return fmt.Errorf("user %d: %w", i, err)
			}
			u.sessions[i] = s
			return nil
		})
	}
	u.renewed = time.Now()
	return group.Wait()
}

// freshFor is much less than an access token is valid, so that none expires in a measurement.
const freshFor = 5 * time.Minute

// Tokens are the users' access tokens, renewed if they are no longer fresh.
func (u *Users) Tokens(ctx context.Context) ([]string, error) {
	if time.Since(u.renewed) > freshFor {
		err := u.each(func(i int) (*client.Session, error) {
			return u.client.Refresh(ctx, u.sessions[i].Cookie("taskwire_refresh"))
		})
		if err != nil {
			return nil, err
		}
	}
	tokens := make([]string, len(u.sessions))
	for i, s := range u.sessions {
		tokens[i] = s.AccessToken
	}
	return tokens, nil
}

// Address is the host and port of an HTTP URL, with localhost as the IPv4 address that servers listen on.
func Address(url string) string {
	return strings.Replace(strings.TrimPrefix(url, "http://"), "localhost", "127.0.0.1", 1)
}
