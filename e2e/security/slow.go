package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/e2e/client"
)

// head is the beginning of a request that announces a body of that length and sends only one byte of it.
func (a *arena) head(target, token string, length int) string {
	r := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", target, a.doorHost(), length)
	if token != "" {
		r += "Authorization: Bearer " + token + "\r\n"
	}
	return r + "\r\n{"
}

// trickle sends another byte now and then, so that no idle timeout helps.
func trickle(ctx context.Context, conn net.Conn) {
	for ctx.Err() == nil {
		pause(ctx, time.Second)
		if _, err := io.WriteString(conn, " "); err != nil {
			return
		}
	}
}

const (
	slowConnections = 384
	slowLength      = 200 // of a body that the gateway keeps until it is whole
)

func slowBodies(ctx context.Context, a *arena) error {
	a.crowd(ctx, slowConnections, func(int) string { return a.head("/api/todos", "", slowLength) }, trickle)
	a.only(http.StatusUnauthorized, http.StatusTooManyRequests)
	return nil
}

func slowBodiesOfUser(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	targets := []string{"/api/todos", "/api/todos", "/api/todos/batch", "/api/notifications/read-all", "/mcp", "/api/auth/tokens"}
	a.crowd(ctx, slowConnections, func(i int) string { return a.head(targets[i%len(targets)], attacker.Token(), slowLength) }, trickle)
	// The gateway passes large bodies on as they come.
	a.crowd(ctx, slowConnections, func(int) string { return a.head("/api/todos/batch", attacker.Token(), mebibyte) }, trickle)
	a.only(http.StatusRequestTimeout, http.StatusTooManyRequests)
	return nil
}

func slowLogins(ctx context.Context, a *arena) error {
	a.crowd(ctx, slowConnections, func(int) string { return a.head("/api/auth/login", "", slowLength) }, trickle)
	a.only(http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusServiceUnavailable)
	return nil
}

func idleConnections(ctx context.Context, a *arena) error {
	a.crowd(ctx, 1500, func(i int) string {
		if i%3 == 0 {
			return "GET /api/todos HTTP/1.1\r\nHost: " + a.doorHost() + "\r\nX-Half: "
		}
		return ""
	}, nil)
	return nil
}

// slowReaders requests large responses and reads nothing.
func slowReaders(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	operations := make([]client.Operation, 100)
	for i := range operations {
		operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": fmt.Sprint("Large ", i), "description": strings.Repeat("x", 9_000)}}
	}
	if _, err := attacker.Batch(ctx, operations...); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.linger())
	defer cancel()
	request := a.bytes(raw{method: "GET", target: "/api/todos?limit=200", token: attacker.Token()})
	parallel(ctx, 200, 400, func(i int) {
		conn, err := a.dial(ctx, a.host(i%6))
		if err != nil {
			a.count(nil, err)
			return
		}
		defer conn.Close()
		_ = conn.(*net.TCPConn).SetReadBuffer(2 << 10)
		if _, err := io.WriteString(conn, request); err != nil {
			a.count(nil, err)
			return
		}
		<-ctx.Done()
		a.count(nil, context.Canceled)
	})
	return nil
}
