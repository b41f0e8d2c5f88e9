package e2e

import (
	"crypto/rand"
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
