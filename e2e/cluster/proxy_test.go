package cluster

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
)

// TestEarlyRefusal_PassesTheProxy sends the beginning of a body that is too large, often enough to hit a race:
// queue-proxy must pass on the rejection before the rest has arrived.
func TestEarlyRefusal_PassesTheProxy(t *testing.T) {
	place(t)
	ctx := check.Within(t, timeout)
	const name, queueProxy, tries = "auth", "8012", 50
	needs(ctx, t, name)
	awake(ctx, t, name)
	address := net.JoinHostPort(replicas(ctx, t, name, 1)[0].Status.PodIP, queueProxy)
	beginning := "POST /api/auth/login HTTP/1.1\r\nHost: " + name + "\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat(" ", 70_000)
	for i := range tries {
		status := check.Must(refusal(t, address, beginning))(t)
		if status != http.StatusRequestEntityTooLarge {
			t.Fatalf("try %d: %d", i, status)
		}
	}
}

// refusal sends the given bytes and waits for the response.
func refusal(t *testing.T, address, text string) (int, error) {
	t.Helper()
	c, err := net.DialTimeout("tcp", address, timeout)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	check.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	if _, err := fmt.Fprint(c, text); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
