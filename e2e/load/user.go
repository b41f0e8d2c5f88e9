// Package load writes to a running Taskwire at a steady rate as many users, records what was acknowledged, and listens
// to their live streams, so that a test can check afterwards what must be there.
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
	ID       string
	Token    string
	Password string
	call     *client.Client

	mu     sync.Mutex
	tasks  map[string]*Task // every acknowledged task, by id
	idle   []*Task          // those without an operation in progress
	events int              // acknowledged changes
}

// Task is the state after the last acknowledged change.
type Task struct {
	ID        string
	Title     string
	Completed bool
	Deleted   bool
	Version   int64 // 0 after a deletion, whose response does not contain it
}

// Register creates n accounts, and waits when it is rate-limited.
func Register(ctx context.Context, c *client.Client, n int) ([]*User, error) {
	users := make([]*User, n)
	for i := range users {
		session, err := register(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("register user %d: %w", i, err)
		}
		users[i] = &User{
			ID: session.User.ID, Token: session.AccessToken, Password: session.Password, call: c.As(session.AccessToken), tasks: map[string]*Task{},
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

// Use switches to another token of the account.
func (u *User) Use(token string) { u.Token, u.call = token, u.call.As(token) }

// Call returns the account's client.
func (u *User) Call() *client.Client { return u.call }

// Events is the number of the user's acknowledged changes.
func (u *User) Events() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.events
}

// Tasks returns every acknowledged task in the state after its last acknowledged change.
func (u *User) Tasks() map[string]Task {
	u.mu.Lock()
	defer u.mu.Unlock()
	all := make(map[string]Task, len(u.tasks))
	for id, t := range u.tasks {
		all[id] = *t
	}
	return all
}

// take returns an idle task, or nil: each has one writer at a time, so that its last acknowledged change is known.
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

// acknowledge records a change: change writes the resulting state into the task.
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

// pause is a client's wait before it retries.
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
