package client

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// StreamPath is the path of the live stream.
const StreamPath = "/api/stream/tasks"

// NoEpoch is the epoch of a log without an entry. The first entry of any epoch follows it.
const NoEpoch = "0"

// Frame is one event of a live stream, or one comment.
type Frame struct {
	Event    string // "" for a comment
	ID       string // of this frame; "" if it has none
	Data     []byte
	Comment  string
	Retry    int // milliseconds, the last value that the server sent
	Received time.Time
}

// Change decodes the data of a frame sync.task-changed.
func (f Frame) Change() (UpdateData, error) {
	var d UpdateData
	if f.Event != "sync.task-changed" {
		return d, fmt.Errorf("frame %q is no change: %s", f.Event, f.Data)
	}
	return d, json.Unmarshal(f.Data, &d)
}

// Greeting is the data of the frames hello and sync.reset.
type Greeting struct {
	Stream string `json:"stream"`
	Seq    int64  `json:"seq"`
	Reason string `json:"reason"`
}

// Greeting decodes the data of a frame hello or sync.reset.
func (f Frame) Greeting() (Greeting, error) {
	var g Greeting
	if f.Event != "hello" && f.Event != "sync.reset" {
		return g, fmt.Errorf("frame %q is neither hello nor sync.reset: %s", f.Event, f.Data)
	}
	return g, json.Unmarshal(f.Data, &g)
}

// Stream is an open live stream. Frames are buffered until they are taken, so that a slow reader of frames neither
// slows down the connection nor distorts the times of arrival.
type Stream struct {
	Header http.Header

	cancel context.CancelFunc
	body   io.ReadCloser

	mu      sync.Mutex
	frames  []Frame
	err     error
	arrived chan struct{} // closed and replaced whenever frames or err change
}

// OpenStream opens the live stream; with a lastEventID it requests what came after that. Header is sent as well. A
// response other than 200 is a *StatusError.
func (c *Client) OpenStream(ctx context.Context, lastEventID string, header map[string]string) (*Stream, error) {
	parent := ctx
	ctx, cancel := context.WithCancel(ctx)
	all := map[string]string{"Accept": "text/event-stream"}
	if lastEventID != "" {
		all["Last-Event-ID"] = lastEventID
	}
	for name, value := range header {
		all[name] = value
	}
	req, err := c.request(ctx, Request{Method: http.MethodGet, Path: StreamPath, Header: all})
	if err != nil {
		cancel()
		return nil, err
	}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		cancel()
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		defer cancel()
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		if c.again(parent, resp.StatusCode, resp.Header) {
			return c.OpenStream(parent, lastEventID, header)
		}
		return nil, &StatusError{Call: "GET " + StreamPath, Response: &Response{Status: resp.StatusCode, Header: resp.Header, Body: body}}
	}
	s := &Stream{Header: resp.Header, cancel: cancel, body: resp.Body, arrived: make(chan struct{})}
	go s.read()
	return s, nil
}

// Close ends the stream.
func (s *Stream) Close() {
	s.cancel()
	_ = s.body.Close()
}

// ErrEnded is what Next returns after the last frame of a stream that the server ended.
var ErrEnded = errors.New("the stream has ended")

// Next returns the next frame, including comments. It waits until there is one, the stream ends, or ctx is done.
func (s *Stream) Next(ctx context.Context) (Frame, error) {
	for {
		s.mu.Lock()
		if len(s.frames) > 0 {
			f := s.frames[0]
			s.frames = s.frames[1:]
			s.mu.Unlock()
			return f, nil
		}
		err, arrived := s.err, s.arrived
		s.mu.Unlock()
		if err != nil {
			return Frame{}, err
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return Frame{}, ctx.Err()
		}
	}
}

// NextEvent is Next without comments.
func (s *Stream) NextEvent(ctx context.Context) (Frame, error) {
	for {
		f, err := s.Next(ctx)
		if err != nil || f.Event != "" {
			return f, err
		}
	}
}

// Pending returns how many frames have arrived and were not taken.
func (s *Stream) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.frames)
}

func (s *Stream) push(f *Frame, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f != nil {
		s.frames = append(s.frames, *f)
	}
	s.err = err
	close(s.arrived)
	s.arrived = make(chan struct{})
}

// read parses as the WHATWG text requires (HTML, 9.2.6), for lines that end in \n or \r\n.
func (s *Stream) read() {
	defer s.body.Close()
	r := bufio.NewReaderSize(s.body, 64<<10)
	var f Frame
	var data []string
	retry := 0
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = ErrEnded
			}
			s.push(nil, err)
			return
		}
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			if data != nil {
				f.Data, f.Retry, f.Received = []byte(strings.Join(data, "\n")), retry, time.Now()
				if f.Event == "" {
					f.Event = "message"
				}
				s.push(&f, nil)
			}
			f, data = Frame{}, nil
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimPrefix(value, " ")
		switch name {
		case "":
			s.push(&Frame{Comment: value, Retry: retry, Received: time.Now()}, nil)
		case "event":
			f.Event = value
		case "data":
			data = append(data, value)
		case "id":
			f.ID = value
		case "retry":
			retry, _ = strconv.Atoi(value)
		}
	}
}
