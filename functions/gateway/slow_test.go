package function

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a net.Listener of in-memory connections, so that a test controls time.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error { close(p.done); return nil }
func (pipes) Addr() net.Addr { return &net.TCPAddr{} }

// serve serves one connection with h, with a server configured as in func-go.
func serve(t *testing.T, h http.HandlerFunc) net.Conn {
	t.Helper()
	l := pipes{make(chan net.Conn), make(chan struct{})}
	s := &http.Server{Handler: h, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 30 * time.Second, ReadHeaderTimeout: 2 * time.Second}
	go func() { _ = s.Serve(l) }()
	client, server := net.Pipe()
	l.conns <- server
	t.Cleanup(func() {
		_ = client.Close()
		_ = s.Close()
	})
	return client
}

// TestBody_MinimumRate: a body that is too slow gets 408 when its time is over, and the connection is closed.
func TestBody_MinimumRate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bytes, perSecond int
		chunked          bool
		status           int
		after            time.Duration
	}{
		"one byte, no more":        {1000, 0, false, 408, bodyGrace},
		"one byte a second":        {1000, 1, false, 408, bodyGrace},
		"in time":                  {4000, 1000, false, 200, 4 * time.Second},
		"not fast enough":          {60_000, 500, false, 408, 9 * time.Second},
		"fast enough":              {20_000, 1200, false, 200, 17 * time.Second},
		"longer than may be":       {64_000, 1200, false, 408, bodyTime},
		"in chunks, too slow":      {1000, 1, true, 408, bodyGrace},
		"in chunks, in time":       {4000, 1000, true, 200, 4 * time.Second},
		"passed through, too slow": {1 << 20, 1000, false, 408, bodyTime},
		"passed through":           {200_000, 20_000, false, 200, 10 * time.Second},
		"large, in chunks":         {200_000, 20_000, true, 200, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				o := newReceiver(256)
				conn := serve(t, func(w http.ResponseWriter, r *http.Request) {
					b, release, err := o.receive(w, r, client{key: "a", known: true}, 4<<20)
					if err != nil {
						b.refuse(w, r, err)
						return
					}
					defer release()
					if n, err := io.Copy(io.Discard, r.Body); err != nil {
						b.refuse(w, r, err)
					} else if n != int64(c.bytes) {
						t.Errorf("%d bytes came", n)
					}
				})
				began, sender := time.Now(), sync.WaitGroup{}
				sender.Go(func() {
					head := fmt.Sprintf("Content-Length: %d\r\n", c.bytes)
					if c.chunked {
						head = "Transfer-Encoding: chunked\r\n"
					}
					_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\n"+head+"\r\n")
					for sent := 0; sent < c.bytes; {
						n := min(max(c.perSecond, 1), c.bytes-sent)
						part := strings.Repeat("x", n)
						if c.chunked {
							part = fmt.Sprintf("%x\r\n%s\r\n", n, part)
						}
						if _, err := io.WriteString(conn, part); err != nil {
							return
						}
						if sent += n; c.perSecond == 0 {
							return
						}
						time.Sleep(time.Second)
					}
					if c.chunked {
						_, _ = io.WriteString(conn, "0\r\n\r\n")
					}
				})
				res, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil {
					t.Fatal(err)
				}
				text, _ := io.ReadAll(res.Body)
				took := time.Since(began)
				if res.StatusCode != c.status || res.Close != (c.status != 200) || took < c.after-2*time.Second || took > c.after+3*time.Second {
					t.Errorf("%d after %v, want %d after %v; close %t; %s", res.StatusCode, took, c.status, c.after, res.Close, text)
				}
				_ = conn.Close()
				sender.Wait()
				synctest.Wait()
				if o.known.taken+o.anonymous.taken+o.uploads.taken != 0 {
					t.Error("something is still taken")
				}
			})
		})
	}
}

// TestBody_SlowOnesMakeRoom: however many clients without a token send their bodies slowly, a client that sends at once
// is served; and a single client cannot use all places.
func TestBody_SlowOnesMakeRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newReceiver(256)
		receive := func(who client, rest string) net.Conn {
			conn := serve(t, func(w http.ResponseWriter, r *http.Request) {
				b, release, err := o.receive(w, r, who, smallBody)
				if b != nil && err != nil {
					b.refuse(w, r, err)
				} else if err != nil {
					w.WriteHeader(http.StatusTooManyRequests)
				} else {
					release()
				}
			})
			go func() {
				_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"+rest)
			}()
			return conn
		}
		status := func(conn net.Conn) int {
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil {
				t.Fatal(err)
			}
			return res.StatusCode
		}
		var first net.Conn
		for i := range 600 { // more than fit
			conn := receive(client{key: fmt.Sprint(i / 50)}, "")
			if synctest.Wait(); i == 0 {
				first = conn
			}
		}
		time.Sleep(minWait)
		if got := status(receive(client{key: "another"}, "123456789")); got != http.StatusOK {
			t.Errorf("a client that sends at once: %d", got)
		}
		if got := status(first); got != http.StatusRequestTimeout {
			t.Errorf("the one that has waited longest: %d", got)
		}
		for range 70 {
			receive(client{key: "one"}, "")
			synctest.Wait()
		}
		if got := status(receive(client{key: "one"}, "123456789")); got != http.StatusTooManyRequests {
			t.Errorf("one address with 70 bodies under way: %d", got)
		}
	})
}

// TestBody_ArrivedOnesMayWait: sign-ins from one address whose bodies have arrived can wait in line in larger numbers than
// bodies that are under way.
func TestBody_ArrivedOnesMayWait(t *testing.T) {
	t.Parallel()
	o := newReceiver(256)
	var held []func()
	for range 101 {
		r := httptest.NewRequest(http.MethodPost, "/api/auth/login", strings.NewReader(`{"email":"ada@example.com","password":"x"}`))
		_, release, err := o.receive(httptest.NewRecorder(), r, client{key: "office"}, smallBody)
		if err != nil {
			t.Fatalf("after %d: %v", len(held), err)
		}
		held = append(held, release)
	}
	for _, release := range held {
		release()
	}
	if o.anonymous.taken != 0 || len(o.anonymous.clients) != 0 {
		t.Errorf("left: %d, %v", o.anonymous.taken, o.anonymous.clients)
	}
}

// TestAnswer_MustBeRead: a client that does not read its response is disconnected; one that reads slowly is, when
// others need the room.
func TestAnswer_MustBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := newRoom(1)
		ends := make(chan error, 2)
		answers := func() net.Conn {
			conn := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				out := &outgoing{ResponseWriter: w, control: http.NewResponseController(w), room: o, client: "a"}
				defer out.end()
				var err error
				for range 100 {
					if _, err = out.Write(make([]byte, bufferSize)); err != nil {
						break
					}
				}
				ends <- err
			})
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
			return conn
		}
		began := time.Now()
		answers()
		if err := <-ends; !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) != writeTimeout {
			t.Errorf("one that does not read: %v after %v", err, time.Since(began))
		}
		slow := answers()
		synctest.Wait()
		time.Sleep(minWait)
		began = time.Now()
		go func() { _, _ = io.Copy(io.Discard, answers()) }()
		first, second := <-ends, <-ends
		if !errors.Is(errors.Join(first, second), os.ErrDeadlineExceeded) || first != nil && second != nil || time.Since(began) > 0 {
			t.Errorf("one that reads: %v, %v after %v", first, second, time.Since(began))
		}
		_ = slow.Close()
		synctest.Wait()
		if o.taken != 0 {
			t.Errorf("%d are taken", o.taken)
		}
	})
}
