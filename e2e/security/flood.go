package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"taskwire.dev/e2e/client"
)

func readFlood(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.flood(ctx, 64, func(ctx context.Context, _ int) {
		a.attempt(ctx, attacker.Client, client.Request{Method: http.MethodGet, Path: "/api/todos"})
	})
	return nil
}

// batchOf creates n tasks that every search for "a" finds.
func batchOf(n int) client.Request {
	operations := make([]client.Operation, n)
	for i := range operations {
		operations[i] = client.Operation{Op: "create", Task: client.Fields{
			"title": "A task about " + rand.Text()[:8], "description": strings.Repeat("lorem ipsum dolor sit amet ", 20), "project": "Bulk", "tags": []string{"bulk"},
		}}
	}
	return client.Request{Method: http.MethodPost, Path: "/api/todos/batch", JSON: map[string]any{"operations": operations}}
}

// importFlood is a user who imports many tasks, which is allowed.
func importFlood(ctx context.Context, a *arena) error {
	_, err := a.importer(ctx, dose(a, 60, 15))
	return err
}

func (a *arena) importer(ctx context.Context, batches int) (*account, error) {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return nil, err
	}
	parallel(ctx, 4, batches, func(int) {
		a.attempt(ctx, attacker.Patient(), batchOf(100))
	})
	return attacker, ctx.Err()
}

func searchFlood(ctx context.Context, a *arena) error {
	attacker, err := a.importer(ctx, dose(a, 60, 15))
	if err != nil {
		return err
	}
	a.flood(ctx, 40, func(ctx context.Context, i int) {
		q := []string{"a", "lorem", "e", "dolor sit"}[i%4]
		a.attempt(ctx, attacker.Client, client.Request{Method: http.MethodGet, Path: "/api/todos", Query: url.Values{"q": {q}, "status": {"all"}, "limit": {"200"}}})
	})
	return nil
}

func tokenFlood(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.flood(ctx, 32, func(ctx context.Context, i int) {
		a.attempt(ctx, attacker.Client, client.Request{Method: http.MethodPost, Path: "/api/auth/tokens", JSON: client.Fields{"name": fmt.Sprint("t", i), "scopes": []string{"mcp"}, "password": attacker.Password}})
	})
	return nil
}

func call(tool string, arguments client.Fields) client.Request {
	return client.Request{
		Method: http.MethodPost, Path: "/mcp", Header: map[string]string{"Accept": "application/json, text/event-stream"},
		JSON: client.Fields{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": client.Fields{"name": tool, "arguments": arguments}},
	}
}

func mcpFlood(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.flood(ctx, 32, func(ctx context.Context, i int) {
		r := call("list_tasks", client.Fields{})
		if i%4 == 0 {
			r = call("add_task", client.Fields{"title": "From an assistant"})
		}
		a.attempt(ctx, attacker.Client, r)
	})
	return nil
}

func eventFlood(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.flood(ctx, 32, func(ctx context.Context, _ int) {
		e := client.Event{ID: rand.Text(), Source: "/security", Type: "task.create", Data: []byte(`{"title":"By event"}`)}
		a.attempt(ctx, attacker.Client, e.Binary())
	})
	return nil
}
