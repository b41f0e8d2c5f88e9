package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestSlowClient_IsCutOff: the server neither waits for a client that does not read nor spends memory on it. The client
// gets what fits, in order, then sync.reset and the end; others notice nothing.
func TestSlowClient_IsCutOff(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	witness := open(t, u)
	conn := dial(t)
	// Linux would buffer megabytes for a client that does not read.
	check.NoError(t, conn.(*net.TCPConn).SetReadBuffer(64<<10))
	_, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n", client.StreamPath, hostHeader(), u.Token())
	check.NoError(t, err)

	// More than the buffers between the two can hold. Each round is sent separately and meets what the previous one has
	// left.
	const rounds, each = 6, 5
	large := strings.Repeat("😀", 20000)
	for range rounds {
		operations := make([]client.Operation, each)
		for i := range operations {
			operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": "Large", "description": large}}
		}
		check.Must(u.Batch(t.Context(), operations...))(t)
		witness.changes(t, each)
	}

	check.NoError(t, conn.SetReadDeadline(time.Now().Add(timeout)))
	last, reset := int64(0), ""
	r := bufio.NewReader(conn)
	event := ""
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if !errors.Is(err, io.EOF) {
				var n net.Error
				if errors.As(err, &n) && n.Timeout() {
					t.Fatalf("the stream was not ended; last seq %d", last)
				}
			}
			break
		}
		line = strings.TrimRight(line, "\r\n")
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			event = name
		}
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok {
			continue
		}
		switch event {
		case "sync.task-changed":
			var c client.UpdateData
			check.NoError(t, json.Unmarshal([]byte(data), &c))
			if c.Seq != last+1 {
				t.Fatalf("%d follows %d: silently partial", c.Seq, last)
			}
			last = c.Seq
		case "sync.reset":
			reset = data
			check.NoError(t, documents(t).CheckFrame(event, []byte(data)))
		}
	}
	if last == rounds*each {
		t.Fatal("all of it was kept for a client that did not read")
	}
	if !strings.Contains(reset, `"slow"`) {
		t.Fatalf("cut off after %d without sync.reset (%q)", last, reset)
	}
}

// dial opens a raw connection to the front door.
func dial(t *testing.T) net.Conn {
	t.Helper()
	u := check.Must(url.Parse(frontDoor))(t)
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(host, "80")
	}
	conn := check.Must(net.DialTimeout("tcp", host, 5*time.Second))(t)
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
