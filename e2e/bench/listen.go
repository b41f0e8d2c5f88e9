package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"sync"
	"sync/atomic"
	"time"
)

// listener follows one live stream and measures when its frames arrive.
type listener struct {
	conn   net.Conn
	in     *bufio.Reader
	hello  atomic.Bool
	pings  atomic.Int64
	events atomic.Int64
}

// listen opens a live stream; buffer is small for idle ones.
func listen(address, token string, buffer int) (*listener, error) {
	conn, err := net.DialTimeout("tcp", address, answerTimeout)
	if err != nil {
		return nil, err
	}
	request := "GET /api/stream/tasks HTTP/1.1\r\nHost: " + address + "\r\nAccept: text/event-stream\r\nAuthorization: Bearer " + token + "\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(conn, buffer)
	status, _, chunked, err := readHead(in)
	if err != nil || status != 200 {
		_ = conn.Close()
		return nil, fmt.Errorf("opening a stream: status %d: %w", status, err)
	}
	if chunked {
		in = bufio.NewReaderSize(httputil.NewChunkedReader(in), buffer)
	}
	return &listener{conn: conn, in: in}, nil
}

func (l *listener) close() { _ = l.conn.Close() }

// follow reads until the stream ends. seen is called with each change: when it was stamped and when it arrived.
func (l *listener) follow(seen func(stamped, received time.Time)) error {
	var event [32]byte
	name := event[:0]
	for {
		line, err := l.in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			return fmt.Errorf("a line of the stream is longer than the buffer: %.100q", line)
		}
		if err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(line, []byte("event: ")):
			name = append(event[:0], bytes.TrimRight(line[7:], "\r\n")...)
			if string(name) == "hello" {
				l.hello.Store(true)
			}
		case bytes.HasPrefix(line, []byte(": ")):
			l.pings.Add(1)
		case bytes.HasPrefix(line, []byte("data: ")) && string(name) == "sync.task-changed":
			received := time.Now()
			stamped, err := timestamp(line)
			if err != nil {
				return err
			}
			l.events.Add(1)
			if seen != nil {
				seen(stamped, received)
			}
		case string(name) == "sync.reset":
			return fmt.Errorf("the stream was reset: %s", line)
		}
	}
}

var timestampKey = []byte(`"timestamp":"`)

// timestamp finds the timestamp of the change, without decoding the whole frame.
func timestamp(line []byte) (time.Time, error) {
	_, rest, found := bytes.Cut(line, timestampKey)
	if !found {
		return time.Time{}, fmt.Errorf("a frame without a timestamp: %.200q", line)
	}
	value, _, _ := bytes.Cut(rest, []byte(`"`))
	return time.Parse(time.RFC3339Nano, string(value))
}

// audience is one open stream for each user.
type audience struct {
	listeners []*listener
	group     sync.WaitGroup
	closing   atomic.Bool
	failed    atomic.Pointer[error]
}

// gather opens a stream for each token, and reads it with a buffer of that size.
func gather(address string, tokens []string, buffer int, seen func(stamped, received time.Time)) (*audience, error) {
	a := &audience{}
	for _, token := range tokens {
		l, err := listen(address, token, buffer)
		if err != nil {
			a.dismiss()
			return nil, fmt.Errorf("%d of %d streams are open: %w", len(a.listeners), len(tokens), err)
		}
		a.listeners = append(a.listeners, l)
		a.group.Go(func() {
			if err := l.follow(seen); !a.closing.Load() {
				if errors.Is(err, io.EOF) {
					err = fmt.Errorf("the server ended a stream: %w", err)
				}
				a.failed.Store(&err)
			}
		})
	}
	return a, nil
}

// delivered is how many changes all streams have delivered.
func (a *audience) delivered() int64 {
	var n int64
	for _, l := range a.listeners {
		n += l.events.Load()
	}
	return n
}

func (a *audience) dismiss() {
	a.closing.Store(true)
	for _, l := range a.listeners {
		l.close()
	}
	a.group.Wait()
}

func (a *audience) err() error {
	if e := a.failed.Load(); e != nil {
		return *e
	}
	return nil
}
