package chaos

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/shared/eventually"
)

// longRequest is a request that takes as long as the test wants, and the status of its response.
type longRequest struct {
	path, body string
	want       int
}

// longRequests has one per function that users' requests reach.
var longRequests = map[string]longRequest{
	"gateway": {"/api/todos", `"title":"While the gateway stops"}`, http.StatusCreated},
	"tasks":   {"/api/todos", `"title":"While the function stops"}`, http.StatusCreated},
	"auth":    {"/api/auth/login", `"email":"nobody@example.com","password":"While the function stops"}`, http.StatusUnauthorized},
}

// inFlight is a request that a server has begun to read.
type inFlight struct {
	longRequest
	conn net.Conn
	read *bufio.Reader
}

// padding makes the gateway, which wants 1 KiB a second after the first 5 s, wait some seconds more.
const padding = 4 << 10

// begin sends a request except the end of its body, and returns when its handler reads the body: the server then says
// 100 Continue (RFC 9110, 10.1.1).
func begin(ctx context.Context, server, token string, r longRequest) (*inFlight, error) {
	to, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", to.Host)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	}
	first := "{" + strings.Repeat(" ", padding)
	_, sent := fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n%s",
		r.path, to.Host, token, len(first)+len(r.body), first)
	f := &inFlight{r, conn, bufio.NewReader(conn)}
	line, received := f.read.ReadString('\n')
	blank, ended := f.read.ReadString('\n')
	if err := errors.Join(err, sent, received, ended); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if !strings.HasPrefix(line, "HTTP/1.1 100 ") || strings.TrimSpace(blank) != "" {
		return nil, errors.Join(fmt.Errorf("POST %s at %s: %q, want 100 Continue", r.path, server, line), conn.Close())
	}
	return f, nil
}

// finish sends the rest of the body, and returns an error unless the response comes.
func (f *inFlight) finish() error {
	defer f.conn.Close()
	if _, err := io.WriteString(f.conn, f.body); err != nil {
		return err
	}
	for {
		res, err := http.ReadResponse(f.read, &http.Request{Method: http.MethodPost})
		if err != nil {
			return err
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode == http.StatusContinue {
			continue // the gateway passes on that of the function behind it
		}
		if err == nil && res.StatusCode != f.want {
			err = fmt.Errorf("POST %s: %d %.500s, want %d", f.path, res.StatusCode, body, f.want)
		}
		return err
	}
}

// refusesConnections waits until nothing listens at the server's address.
func refusesConnections(ctx context.Context, t *testing.T, server string) {
	t.Helper()
	to := check.Must(url.Parse(server))(t)
	eventually.Succeeds(ctx, t, "the server takes no new connection", func() error {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", to.Host)
		switch {
		case errors.Is(err, syscall.ECONNREFUSED):
			return nil
		case err != nil:
			return err
		}
		return errors.Join(errors.New("it listens"), conn.Close())
	})
}

func TestInFlight_TellsAServerThatFinishesFromOneThatDrops(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		stop func(context.Context, *http.Server) error
		lost bool
	}{
		"finishes": {func(ctx context.Context, s *http.Server) error { return s.Shutdown(ctx) }, false},
		"drops":    {func(_ context.Context, s *http.Server) error { return s.Close() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx := check.Within(t, timeout)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body)
				w.WriteHeader(http.StatusCreated)
			}))
			t.Cleanup(server.Close)
			f := check.Must(begin(ctx, server.URL, "", longRequests["tasks"]))(t)
			stopped := make(chan error, 1)
			go func() { stopped <- test.stop(ctx, server.Config) }()
			refusesConnections(ctx, t, server.URL)
			if err := f.finish(); (err != nil) != test.lost {
				t.Errorf("%v; want an error: %t", err, test.lost)
			}
			check.NoError(t, <-stopped)
		})
	}
}
