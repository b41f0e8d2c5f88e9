package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/e2e/client"
)

// rawTimeout is how long an attacker waits for the response to one request.
const rawTimeout = 30 * time.Second

// raw is a request as it is sent on the wire, which no HTTP library would send.
type raw struct {
	method, target string
	host           string // for the Host header; empty means the honest one
	token          string
	header         string // additional lines, each with its \r\n
	body           string
}

func (a *arena) bytes(r raw) string {
	if r.host == "" {
		r.host = a.doorHost()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\n", r.method, r.target, r.host)
	if r.token != "" {
		fmt.Fprintf(&b, "Authorization: Bearer %s\r\n", r.token)
	}
	b.WriteString(r.header)
	if r.body != "" {
		fmt.Fprintf(&b, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(r.body))
	}
	b.WriteString("Connection: close\r\n\r\n" + r.body)
	return b.String()
}

// send sends a raw request and reads its response.
func (a *arena) send(ctx context.Context, from string, r raw) (*client.Response, error) {
	resp, err := a.exchange(ctx, from, r)
	a.count(resp, err)
	return resp, err
}

func (a *arena) exchange(ctx context.Context, from string, r raw) (*client.Response, error) {
	conn, err := a.dial(ctx, from)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := conn.SetDeadline(time.Now().Add(rawTimeout)); err != nil {
		return nil, err
	}
	// The server may respond, and close, before it has read everything: so writing and reading are concurrent.
	go func() { _, _ = io.WriteString(conn, a.bytes(r)) }()
	return readAnswer(conn, r.method)
}

func readAnswer(conn net.Conn, method string) (*client.Response, error) {
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return &client.Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// crowd opens n connections from six addresses, each with the same first bytes, and keeps them open for as long as the
// attack lasts. A connection that gets a response or is closed is reopened.
func (a *arena) crowd(ctx context.Context, n int, first func(i int) string, then func(ctx context.Context, conn net.Conn)) {
	ctx, cancel := context.WithTimeout(ctx, a.linger())
	defer cancel()
	parallel(ctx, n, 8*n, func(i int) {
		conn, err := a.dial(ctx, a.host(i%6))
		if err != nil {
			a.count(nil, err)
			pause(ctx, 100*time.Millisecond)
			return
		}
		defer conn.Close()
		defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
		if _, err := io.WriteString(conn, first(i)); err != nil {
			a.count(nil, err)
			return
		}
		if then != nil {
			go then(ctx, conn)
		}
		resp, err := readAnswer(conn, http.MethodGet)
		if err != nil && ctx.Err() != nil {
			err = context.Canceled // held until the end
		}
		a.count(resp, err)
		pause(ctx, 50*time.Millisecond)
	})
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}
