package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/e2e/client"
)

// twoCookies: another port or a sibling domain can set a cookie of the same name, and the victim does not decide which
// of the two is sent first.
func twoCookies(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	target, err := a.register(ctx, a.host(1))
	if err != nil {
		return err
	}
	nobody := target.As("")
	for _, c := range []struct{ name, method, path string }{
		{"taskwire_refresh", http.MethodPost, "/api/auth/refresh"},
		{"taskwire_session", http.MethodGet, client.StreamPath},
	} {
		one, other := attacker.session.Cookie(c.name), target.session.Cookie(c.name)
		for _, pair := range [][2]string{{one, other}, {other, one}} {
			cookie := fmt.Sprintf("%s=%s; %s=%s", c.name, pair[0], c.name, pair[1])
			if c.path == client.StreamPath {
				ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
				s, err := nobody.OpenStream(ctx, "", map[string]string{"Cookie": cookie})
				if err == nil {
					s.Close()
					a.fault("the stream opens with two cookies")
				}
				a.tried.Add(1)
				cancel()
				continue
			}
			resp := a.attempt(ctx, nobody, client.Request{Method: c.method, Path: c.path, Header: map[string]string{"Cookie": cookie}})
			if resp == nil || resp.Status/100 != 4 {
				a.fault("%s takes one of two cookies", c.path)
			}
		}
	}
	if _, err := nobody.Refresh(ctx, target.session.Cookie("taskwire_refresh")); err != nil {
		a.fault("the victim's session did not survive two cookies: %v", err)
	}
	return nil
}

// narrowAssistant: an assistant cannot use scopes that its token does not have.
func narrowAssistant(ctx context.Context, a *arena) error {
	owner, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	task, err := owner.CreateTask(ctx, client.Fields{"title": "Must stay"})
	if err != nil {
		return err
	}
	reader, err := owner.CreateToken(ctx, owner.Password, "reads", "tasks:read", "mcp")
	if err != nil {
		return err
	}
	for tool, arguments := range map[string]client.Fields{
		"delete_task": {"id": task.ID}, "update_task": {"id": task.ID, "title": "Changed"}, "complete_task": {"id": task.ID}, "add_task": {"title": "Added"}, "undo": {},
	} {
		a.attempt(ctx, owner.As(reader.Secret), call(tool, arguments))
	}
	a.attempt(ctx, owner.As(reader.Secret), client.Request{Method: http.MethodDelete, Path: "/api/todos/" + task.ID})
	history, err := owner.History(ctx, 0)
	if err != nil {
		return err
	}
	for _, e := range history[1:] {
		if e.Notification != nil && e.Notification.Kind == "account" {
			continue // of the token, which the owner created
		}
		a.fault("a token of tasks:read and mcp caused %s", e.EventType)
	}
	// It can still read.
	if resp := a.attempt(ctx, owner.As(reader.Secret), call("list_tasks", client.Fields{})); resp == nil || resp.Status != http.StatusOK || !strings.Contains(string(resp.Body), "Must stay") {
		a.fault("a token of tasks:read and mcp cannot read")
	}
	return nil
}

// bareSidecars: another process on the machine can reach every port on loopback, but has no token.
func bareSidecars(ctx context.Context, a *arena) error {
	event := []byte(`{"specversion":"1.0","id":"forged","source":"/forged","type":"reminder.overdue","data":{}}`)
	events := map[string]string{"Content-Type": "application/cloudevents+json"}
	ask := func(base string, r client.Request, wrong func(status int) bool, name string) {
		for _, token := range []string{"", "guess"} {
			header := map[string]string{"dapr-api-token": token}
			maps.Copy(header, r.Header)
			asked := r
			asked.Header = header
			resp := a.attempt(ctx, client.New(base, nil).Impatient(), asked)
			if resp == nil || wrong(resp.Status) {
				a.fault("%s takes %s %s from anybody", name, r.Method, r.Path)
			}
		}
	}
	taken := func(status int) bool { return status/100 == 2 || status >= 500 }
	notRefused := func(status int) bool { return status != http.StatusUnauthorized && status != http.StatusForbidden }
	for name, f := range a.values.Functions {
		if f.Dapr.HTTPPort != 0 {
			base := fmt.Sprintf("http://127.0.0.1:%d", f.Dapr.HTTPPort)
			for _, r := range []client.Request{
				{Method: http.MethodPost, Path: "/v1.0/publish/pubsub/task-events", Header: events, Body: event},
				{Method: http.MethodPost, Path: "/v1.0/publish/pubsub/reminders", Header: events, Body: event},
				{Method: http.MethodGet, Path: "/v1.0/invoke/notifications/method/api/notifications"},
				{Method: http.MethodGet, Path: "/v1.0/state/statestore/x"},
				{Method: http.MethodGet, Path: "/v1.0/secrets/secrets/bulk"},
				{Method: http.MethodGet, Path: "/v1.0/metadata"},
			} {
				ask(base, r, notRefused, "the sidecar of "+name)
			}
		}
		if f.AppToken != "" {
			for _, path := range []string{"/internal/events/task-updates", "/internal/events/reminders", "/internal/events/dead-letters", "/internal/events/task-events", "/cron-outbox-relay", "/cron-overdue-check"} {
				ask(f.URL, client.Request{Method: http.MethodPost, Path: path, Header: events, Body: event}, taken, name)
			}
		}
	}
	return nil
}

// sharedKey: the Idempotency-Key of a registration is per client, so another client may use the same one.
func sharedKey(ctx context.Context, a *arena) error {
	key := rand.Text()
	for i := range 4 {
		email := strings.ToLower(rand.Text()) + "@example.com"
		resp := a.attempt(ctx, a.clientFrom(a.host(i)).Patient(), client.Request{
			Method: http.MethodPost, Path: "/api/auth/register", Header: map[string]string{"Idempotency-Key": key},
			JSON: client.Credentials{Email: email, Password: rand.Text(), Name: fmt.Sprint("Client ", i)},
		})
		if resp == nil || resp.Status != http.StatusCreated || !strings.Contains(string(resp.Body), email) {
			a.fault("a key that another client has used is taken for its own")
		}
	}
	return nil
}

// databaseRoles: no function can make an account an administrator, whatever is injected into its statements.
func databaseRoles(ctx context.Context, a *arena) error {
	for role, url := range a.values.Database {
		if role == "owner" || role == "superuser" {
			continue
		}
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		for _, statement := range []string{
			`UPDATE app_user SET role = 'admin'`,
			`UPDATE task_event SET actor = 'nobody'`, `DELETE FROM task_event`, `TRUNCATE task_event`,
			`CREATE TABLE IF NOT EXISTS public.planted ()`,
		} {
			a.tried.Add(1)
			err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, statement); err != nil {
					return err
				}
				return errDone // nothing is stored
			})
			var refused *pgconn.PgError
			if !errors.As(err, &refused) || refused.Code != insufficientPrivilege {
				a.fault("%s may %s: %v", role, statement, err)
			}
		}
		_ = conn.Close(ctx)
	}
	return nil
}

var errDone = errors.New("done")

// insufficientPrivilege is PostgreSQL's code for a statement that a role may not run.
const insufficientPrivilege = "42501"
