// Package load writes to a running Taskwire at a steady rate as many users, remembers what was acknowledged,
// and listens to their live streams: so that afterwards anyone can say what must be there.
package load

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

// User is an account that the load writes as, and what it must have.
type User struct {
	ID    string
	Token string
	call  *client.Client

	mu     sync.Mutex
	tasks  map[string]*Task // every task that was acknowledged, by id
	idle   []*Task          // those that no operation is on
	events int              // acknowledged changes
}

// Task is what the last acknowledged change left.
type Task struct {
	ID        string
	Title     string
	Completed bool
	Deleted   bool
	Version   int64 // 0 after a deletion, whose answer does not say it
}

// Register makes n accounts, waiting as long as it is told to.
func Register(ctx context.Context, c *client.Client, n int) ([]*User, error) {
	users := make([]*User, n)
	for i := range users {
		session, err := register(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("register user %d: %w", i, err)
		}
		users[i] = &User{
			ID: session.User.ID, Token: session.AccessToken, call: c.As(session.AccessToken), tasks: map[string]*Task{},
		}
	}
	return users, nil
}

func register(ctx context.Context, c *client.Client) (*client.Session, error) {
	in := client.Credentials{Email: "load." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Load"}
	for {
		session, err := c.Register(ctx, in)
		var refused *client.StatusError
		if !errors.As(err, &refused) || refused.Response.Status != http.StatusTooManyRequests {
			return session, err
		}
		if err := pause(ctx, max(time.Second, retryAfter(refused.Response.Header))); err != nil {
			return nil, err
		}
	}
}

// Use goes on with another token of the account.
func (u *User) Use(token string) { u.Token, u.call = token, u.call.As(token) }

// Call is the account's client.
func (u *User) Call() *client.Client { return u.call }

// Events is how many changes of the user were acknowledged.
func (u *User) Events() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.events
}

// Tasks gives every acknowledged task as the last acknowledged change left it.
func (u *User) Tasks() map[string]Task {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := make(map[string]Task, len(u.tasks))
	for id, t := range u.tasks {
		all[id] = *t
	}
	return all
}

// take gives a task that nobody works on, or nil: one writer at a time, so that the last acknowledged change
// of a task is known.
func (u *User) take() *Task {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.idle) == 0 {
		return nil
	}
	t := u.idle[0]
	u.idle = u.idle[1:]
	return t
}

// acknowledge notes a change: change writes what it left into the task.
func (u *User) acknowledge(t *Task, change func(*Task)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	change(t)
	u.events++
	u.tasks[t.ID] = t
	if !t.Deleted {
		u.idle = append(u.idle, t)
	}
}

func retryAfter(h http.Header) time.Duration {
	seconds, _ := strconv.Atoi(h.Get("Retry-After"))
	return time.Duration(seconds) * time.Second
}

// pause is a client's patience before it tries again.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
