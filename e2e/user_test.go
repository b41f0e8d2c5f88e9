package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// timeout is how long to wait for expected effects. On a cluster functions have to wake up first, and clocks tick once a
// minute.
var timeout = func() time.Duration {
	if onCluster {
		return 4 * time.Minute
	}
	return 30 * time.Second
}()

// user is a user with an account and a session.
type user struct {
	*client.Client
	session  *client.Session
	ID       string
	Email    string
	Password string
	minted   atomic.Int64 // tokens; the notification of each is a change in the log
}

// anybody returns a client without a token that waits when it is rate limited; its traffic is checked against
// docs/openapi.yaml.
func anybody(t *testing.T) *client.Client {
	t.Helper()
	return client.New(frontDoor, documents(t).Transport(transport, func(err error) {
		t.Helper()
		t.Errorf("differs from the documentation: %v", err)
	})).Patient()
}

// newUser registers an account that no other test knows.
func newUser(t *testing.T) *user {
	t.Helper()
	c := anybody(t)
	in := client.Credentials{Email: randomEmail(), Password: rand.Text(), Name: "Ada " + rand.Text()[:6]}
	session := check.Must(c.Register(t.Context(), in))(t)
	return &user{
		Client: c.As(session.AccessToken), session: session, ID: session.User.ID, Email: in.Email, Password: in.Password,
	}
}

// CreateToken creates a personal access token of the user, and waits until the user is notified of it: the notification is a change
// in the user's log, which could come at any moment of a test.
func (u *user) CreateToken(ctx context.Context, name string, scopes ...string) (*client.CreatedToken, error) {
	token, err := u.Client.CreateToken(ctx, u.Password, name, scopes...)
	if err != nil {
		return nil, err
	}
	n := u.minted.Add(1)
	return token, u.told(ctx, "New access token", n)
}

// told waits until the user has n notifications with this title.
func (u *user) told(ctx context.Context, title string, n int64) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for {
		list, err := u.AllNotifications(ctx)
		if err != nil {
			return err
		}
		found := int64(0)
		for _, one := range list {
			if one.Title == title {
				found++
			}
		}
		if found >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d notifications %q: %w", found, n, title, ctx.Err())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func randomEmail() string { return "ada." + rand.Text() + "@example.com" }

// do sends a request that must be answered with anything at all.
func do(t *testing.T, c *client.Client, r client.Request) *client.Response {
	t.Helper()
	return check.Must(c.Do(t.Context(), r))(t)
}

// state is the user's latest sequence number, and how many tasks there are.
func (u *user) state(t *testing.T) (seq int64, tasks int) {
	t.Helper()
	history := check.Must(u.History(t.Context(), 0))(t)
	if len(history) > 0 {
		seq = history[len(history)-1].Seq
	}
	all := check.Must(u.AllTasks(t.Context(), map[string][]string{"limit": {"200"}}, nil))(t)
	return seq, len(all)
}
