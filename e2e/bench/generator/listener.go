package generator

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

// Feed is how to open a live stream, and which of its events are changes.
type Feed struct {
	Path   string // with the query
	Header string // lines of the request that end in CRLF
	// Change decides by an event's name, which can be empty, and its line of data.
	Change func(event, data []byte) bool
	// Stamped says that every change has the server's timestamp: one without is an error.
	Stamped bool
	// Unmarked is in the data of a change that has the mark of an earlier one, if there is any.
	Unmarked []byte
}

// Arrival is a change that has arrived.
type Arrival struct {
	Sent     time.Time // when the write was due or sent; zero for a change without a title
	Stamped  time.Time // by the server; zero if it does not stamp
	Received time.Time
}

// listener follows one live stream and measures when its frames arrive.
type listener struct {
	feed   Feed
	conn   net.Conn
	in     *bufio.Reader
	hello  atomic.Bool
	pings  atomic.Int64
	events atomic.Int64
}

// listen opens a live stream; buffer is small for idle ones.
func listen(address string, feed Feed, buffer int) (*listener, error) {
	conn, err := net.DialTimeout("tcp", address, answerTimeout)
	if err != nil {
		return nil, err
	}
	request := "GET " + feed.Path + " HTTP/1.1\r\nHost: " + address + "\r\nAccept: text/event-stream\r\n" + feed.Header + "\r\n"
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
	return &listener{feed: feed, conn: conn, in: in}, nil
}

func (l *listener) close() { _ = l.conn.Close() }

// follow reads until the stream ends. seen is called with each change.
func (l *listener) follow(seen func(Arrival)) error {
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
		case len(bytes.TrimRight(line, "\r\n")) == 0:
			name = event[:0]
		case bytes.HasPrefix(line, []byte(":")):
			l.pings.Add(1)
		case bytes.HasPrefix(line, []byte("data: ")) && l.feed.Change(name, line[len("data: "):]):
			received := time.Now()
			l.events.Add(1)
			if seen != nil {
				a := l.feed.arrival(line)
				if a.Received = received; l.feed.Stamped && a.Stamped.IsZero() {
					return fmt.Errorf("a frame without a timestamp: %.200q", line)
				}
				seen(a)
			}
		case string(name) == "sync.reset":
			return fmt.Errorf("the stream was reset: %s", line)
		}
	}
}

var timestampKey = []byte(`"timestamp":"`)

// arrival finds the moments of a change, without decoding the whole frame.
func (f Feed) arrival(line []byte) (a Arrival) {
	if len(f.Unmarked) == 0 || !bytes.Contains(line, f.Unmarked) {
		a.Sent, _ = momentOf(line)
	}
	if _, rest, found := bytes.Cut(line, timestampKey); found {
		value, _, _ := bytes.Cut(rest, []byte(`"`))
		a.Stamped, _ = time.Parse(time.RFC3339Nano, string(value))
	}
	return a
}

// Audience is open streams.
type Audience struct {
	listeners []*listener
	group     sync.WaitGroup
	closing   atomic.Bool
	failed    atomic.Pointer[error]
}

// Gather opens the streams, and reads each with a buffer of that size.
func Gather(address string, feeds []Feed, buffer int, seen func(Arrival)) (*Audience, error) {
	a := &Audience{}
	for _, feed := range feeds {
		l, err := listen(address, feed, buffer)
		if err != nil {
			a.Dismiss()
			return nil, fmt.Errorf("%d of %d streams are open: %w", len(a.listeners), len(feeds), err)
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

// Greeted is how many streams have had their first event.
func (a *Audience) Greeted() int {
	return a.count(func(l *listener) bool { return l.hello.Load() })
}

// Pinged is how many streams have had a heartbeat.
func (a *Audience) Pinged() int {
	return a.count(func(l *listener) bool { return l.pings.Load() > 0 })
}

func (a *Audience) count(which func(*listener) bool) (n int) {
	for _, l := range a.listeners {
		if which(l) {
			n++
		}
	}
	return n
}

// Delivered is how many changes all streams have delivered.
func (a *Audience) Delivered() int64 {
	var n int64
	for _, l := range a.listeners {
		n += l.events.Load()
	}
	return n
}

// Dismiss closes all streams.
func (a *Audience) Dismiss() {
	a.closing.Store(true)
	for _, l := range a.listeners {
		l.close()
	}
	a.group.Wait()
}

// Err is an error with which a stream ended too early.
func (a *Audience) Err() error {
	if e := a.failed.Load(); e != nil {
		return *e
	}
	return nil
}
