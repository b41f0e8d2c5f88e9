package e2e

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// exchange writes raw bytes, which no HTTP library would send, and reads the response; if the first attempt was rate
// limited, that to the second.
func exchange(t *testing.T, request string) *client.Response {
	t.Helper()
	var r *client.Response
	eventually.Within(t, timeout, "not too many requests", func() bool {
		r = exchangeOnce(t, request)
		return r.Status != http.StatusTooManyRequests
	})
	return r
}

func exchangeOnce(t *testing.T, request string) *client.Response {
	t.Helper()
	conn := dial(t)
	check.NoError(t, conn.SetDeadline(time.Now().Add(timeout)))
	// The server may respond and close before it has read everything, so write and read concurrently.
	go func() { _, _ = io.WriteString(conn, request) }()
	method, _, _ := strings.Cut(request, " ")
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	defer resp.Body.Close()
	if resp.Close {
		resp.Header.Set("Connection", "close") // net/http has removed it
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return &client.Response{Status: resp.StatusCode, Header: resp.Header, Body: body}
}

// rawRequest is a request with a body of that length, or chunked if it is negative.
func rawRequest(method, target string, u *user, header string) string {
	return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nConnection: close\r\n%s\r\n", method, target, hostHeader(), u.Token(), header)
}

// hostHeader is the Host that a client of the gateway sends.
func hostHeader() string {
	_, host, _ := strings.Cut(frontDoor, "://")
	return strings.TrimSuffix(host, "/")
}
