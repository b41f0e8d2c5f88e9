package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/e2e/client"
)

// twoCookies: a neighbour's port or a sibling domain can set a cookie of the same name, and which of the two is sent
// first is not the victim's choice.
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

// narrowAssistant: what a token does not name, an assistant with it cannot do.
func narrowAssistant(ctx context.Context, a *arena) error {
	owner, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	task, err := owner.CreateTask(ctx, client.Fields{"title": "Must stay"})
	if err != nil {
		return err
	}
	reader, err := owner.CreateToken(ctx, "reads", "tasks:read", "mcp")
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
		a.fault("a token of tasks:read and mcp caused %s", e.EventType)
	}
	// It still reads.
	if resp := a.attempt(ctx, owner.As(reader.Secret), call("list_tasks", client.Fields{})); resp == nil || resp.Status != http.StatusOK || !strings.Contains(string(resp.Body), "Must stay") {
		a.fault("a token of tasks:read and mcp cannot read")
	}
	return nil
}

// bareSidecars: another process of the machine reaches every port of loopback, and has no token.
func bareSidecars(ctx context.Context, a *arena) error {
	event := []byte(`{"specversion":"1.0","id":"forged","source":"/forged","type":"reminder.overdue","data":{}}`)
	events := map[string]string{"Content-Type": "application/cloudevents+json"}
	refused := func(base, name string, r client.Request) {
		for _, token := range []string{"", "guess"} {
			header := map[string]string{"dapr-api-token": token}
			for k, v := range r.Header {
				header[k] = v
			}
			asked := r
			asked.Header = header
			resp := a.attempt(ctx, client.New(base, nil).Impatient(), asked)
			if resp == nil || resp.Status/100 == 2 || resp.Status >= 500 {
				a.fault("%s: %s %s by anybody", name, r.Method, r.Path)
			}
		}
	}
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
				{Method: http.MethodPost, Path: "/v1.0/shutdown-not", Body: []byte("{}")},
			} {
				refused(base, name+"'s sidecar", r)
			}
		}
		if f.AppToken != "" {
			for _, path := range []string{"/internal/events/task-updates", "/internal/events/reminders", "/internal/events/dead-letters", "/internal/events/task-events", "/cron-outbox-relay", "/cron-overdue-check"} {
				refused(f.URL, name, client.Request{Method: http.MethodPost, Path: path, Header: events, Body: event})
			}
		}
	}
	return nil
}
