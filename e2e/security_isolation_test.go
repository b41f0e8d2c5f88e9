package e2e

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// bearable is the longest time that another user may wait for a response during an attack: a second on a quiet machine,
// and more where the suite shares two cores.
const bearable = 5 * time.Second

// TestIsolation_NotificationsOfOthers: nothing that a client sends, and no way of disconnecting, opens Dapr's circuit
// breaker for the function behind it. Requests without a token do not get that far; it is tried with and without one.
func TestIsolation_NotificationsOfOthers(t *testing.T) {
	attacker, victim := newUser(t), newUser(t)
	const id = "/api/notifications/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	nasty := map[string]string{ // target, and additional header fields
		"bytes":         "GET /api/notifications\nX-B: \xff",
		"bytes, listed": "GET /api/notifications\nIdempotency-Key: \xff",
		"type":          "PATCH " + id + "/read\nContent-Type: \xff",
		"NUL":           "PATCH /api/notifications/%00/read\n",
		"line break":    "PATCH /api/notifications/%0a/read\n",
		"DEL":           "PATCH /api/notifications/%7f/read\n",
		"no UTF-8":      "PATCH /api/notifications/%ff/read\n",
		"question mark": "PATCH /api/notifications/%3f/read\n",
		"fragment":      "PATCH /api/notifications/%23/read\n",
		"raw query":     "GET /api/notifications?unread=\xff\n",
		"long header":   "GET /api/notifications\nX-Long: " + strings.Repeat("a", 60_000),
		"long, listed":  "GET /api/notifications\nIf-None-Match: " + strings.Repeat("a", 12_000),
		"much listed":   "GET /api/notifications\nTracestate: " + strings.Repeat("a", 5_000),
		"long target":   "GET /api/notifications/" + strings.Repeat("a", 8_000) + "\n",
		"long query":    "GET /api/notifications?unread=" + strings.Repeat("a", 7_000) + "\n",
		"for sidecars":  "GET /api/notifications\nDapr-App-Id: tasks\r\nDapr-Caller-App-Id: mcp\r\nTaskwire-Status: 500\r\nTaskwire-Envelope: 0",
		"gRPC":          "GET /api/notifications\nGrpc-Timeout: 1n\r\nTe: trailers\r\nContent-Type: application/grpc",
		"a stream":      "GET /api/notifications\nAccept: text/event-stream",
	}
	watched(t, victim, func(ctx context.Context) {
		for name, line := range nasty {
			target, header, _ := strings.Cut(line, "\n")
			for _, token := range []string{"", "Authorization: Bearer " + attacker.Token() + "\r\n"} {
				for range 4 { // three are enough for the circuit breaker
					request := target + " HTTP/1.1\r\nHost: " + hostHeader() + "\r\n" + token + "Connection: close\r\n" + header + "\r\n\r\n"
					r := exchangeOnce(t, strings.Replace(request, "\r\n\r\n\r\n", "\r\n\r\n", 1))
					if r.Status >= 500 {
						t.Errorf("%s: %d %s", name, r.Status, r.Body)
					} else if _, wrong := readProblem(r); wrong != "" && r.Status >= 400 {
						t.Errorf("%s: %s: %d %.200s", name, wrong, r.Status, r.Body)
					}
				}
			}
		}
		for _, begun := range []string{ // clients that disconnect: before the response, and within the body
			"GET /api/notifications?limit=200 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n",
			"POST " + id + "/snooze HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
			"POST " + id + "/snooze HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
		} {
			for range 20 {
				conn := dial(t)
				_, _ = fmt.Fprintf(conn, begun, hostHeader(), attacker.Token())
				_ = conn.Close()
			}
		}
	})
}

// clusterOnly skips a test of what e2e/security does to a stack on this machine, in more ways and from more addresses.
func clusterOnly(t *testing.T) {
	t.Helper()
	if !onCluster {
		t.Skip("TestAttacks in e2e/security does this to a stack on this machine")
	}
}

// TestIsolation_SlowBodies: many connections, each with the beginning of a body, block no other user: without a required
// token, without a token where none is required, and with one.
func TestIsolation_SlowBodies(t *testing.T) {
	clusterOnly(t)
	attacker, victim := newUser(t), newUser(t)
	for name, c := range map[string]struct {
		head   string
		status []int // of those that get a response before they end
	}{
		"no token":       {"POST /api/todos", []int{401, 429}}, // the pod has one address, whose rate limit allows 200 at once
		"sign-in":        {"POST /api/auth/login", []int{408, 429, 503}},
		"with a token":   {"POST /api/todos\r\nAuthorization: Bearer " + attacker.Token(), []int{408, 429}},
		"a large upload": {"POST /api/todos/batch\r\nX-Large: 1\r\nAuthorization: Bearer " + attacker.Token(), []int{408, 429}},
	} {
		t.Run(name, func(t *testing.T) {
			length := 1000
			if strings.Contains(c.head, "X-Large") {
				length = 1 << 20
			}
			line, header, _ := strings.Cut(c.head, "\r\n")
			if header != "" {
				header += "\r\n"
			}
			watched(t, victim, func(ctx context.Context) {
				conns := flood(t, 384, fmt.Sprintf("%s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n{", line, hostHeader(), header, length))
				check.NoError(t, sleep(ctx, 3*time.Second))
				seen := map[int]int{}
				for _, conn := range conns {
					seen[statusOf(conn)]++
					_ = conn.Close()
				}
				t.Logf("%v", seen)
				for status := range seen {
					if status != 0 && !slices.Contains(c.status, status) {
						t.Errorf("%d connections got %d", seen[status], status)
					}
				}
			})
		})
	}
}

// TestIsolation_SlowReaders: a client that requests much data and does not read it delays no one.
func TestIsolation_SlowReaders(t *testing.T) {
	clusterOnly(t)
	attacker, victim := newUser(t), newUser(t)
	operations := make([]client.Operation, 100)
	for i := range operations {
		operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": "Large", "description": strings.Repeat("x", 20_000)}}
	}
	check.Must(attacker.Batch(t.Context(), operations...))(t)
	watched(t, victim, func(ctx context.Context) {
		conns := flood(t, 100, fmt.Sprintf("GET /api/todos?limit=200 HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", hostHeader(), attacker.Token()))
		check.NoError(t, sleep(ctx, 3*time.Second))
		for _, conn := range conns {
			_ = conn.Close()
		}
	})
}

// watched uses the product as another user during an attack and a little longer, and expects every response in time.
func watched(t *testing.T, victim *user, attack func(context.Context)) {
	t.Helper()
	// Not the victim itself: its fiftieth login would end the session that the other requests belong to.
	signingIn := newUser(t)
	ctx, over := context.WithCancel(t.Context())
	var running sync.WaitGroup
	var mu sync.Mutex
	worst, count := time.Duration(0), 0
	for _, r := range []struct {
		client.Request
		want int
	}{
		{client.Request{Method: "GET", Path: "/api/notifications"}, 200},
		{client.Request{Method: "GET", Path: "/api/notifications/unread-count"}, 200},
		{client.Request{Method: "PATCH", Path: "/api/notifications/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f/read"}, 404},
		{client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Still here"}}, 201},
		{client.Request{Method: "GET", Path: "/api/auth/me"}, 200},
		{client.Request{Method: "GET", Path: "/"}, 200},
		{client.Request{Method: "POST", Path: "/api/auth/login", JSON: client.Fields{"email": signingIn.Email, "password": signingIn.Password}}, 200},
	} {
		running.Go(func() {
			for ctx.Err() == nil {
				began := time.Now()
				answer, err := victim.Impatient().Do(t.Context(), r.Request)
				took := time.Since(began)
				if err != nil || answer.Status != r.want {
					t.Errorf("%s %s for another user: %v, %v after %v", r.Method, r.Path, answer, err, took)
					return
				}
				mu.Lock()
				worst, count = max(worst, took), count+1
				mu.Unlock()
				_ = sleep(ctx, 100*time.Millisecond)
			}
		})
	}
	attack(ctx)
	_ = sleep(ctx, time.Second)
	over()
	running.Wait()
	t.Logf("another user: %d responses, the slowest after %v", count, worst)
	if worst > bearable {
		t.Errorf("another user waited for %v", worst)
	}
}

// flood opens connections and begins a request on each.
func flood(t *testing.T, n int, begun string) []net.Conn {
	t.Helper()
	conns := make([]net.Conn, n)
	for i := range conns {
		conn := dial(t)
		check.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4<<10))
		if _, err := io.WriteString(conn, begun); err != nil {
			t.Fatal(err)
		}
		conns[i] = conn
	}
	return conns
}

// statusOf is the status of a response that has already arrived, or 0.
func statusOf(conn net.Conn) int {
	_ = conn.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	var line [len("HTTP/1.1 200")]byte
	if _, err := io.ReadFull(conn, line[:]); err != nil {
		return 0
	}
	var status int
	_, _ = fmt.Sscanf(string(line[:]), "HTTP/1.1 %d", &status)
	return status
}

// TestHost_OfAnotherName: a page whose name resolves to the gateway gets nothing from it (DNS rebinding).
func TestHost_OfAnotherName(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for _, path := range []string{"/", "/api/todos", "/api/stream/tasks", "/api/status", "/mcp", "/.well-known/jwks.json"} {
		r := exchange(t, strings.Replace(rawRequest("GET", path, u, ""), "Host: "+hostHeader(), "Host: evil.example", 1))
		expectProblem(t, r, http.StatusMisdirectedRequest)
	}
}

// sleep waits for the duration of an attack.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
