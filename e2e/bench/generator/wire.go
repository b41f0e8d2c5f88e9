// Package generator is the load: connections that write, open streams, and histograms of what both measure.
package generator

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// The load generator shares two cores with what it measures, so it speaks HTTP/1.1 directly: one write and a few reads
// per request, and almost no allocations. net/http costs several times as much.

// answerTimeout ends a measurement that hangs.
const answerTimeout = 30 * time.Second

// Wire is one keep-alive connection.
type Wire struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	body    []byte
}

// Dial opens a connection.
func Dial(address string) (*Wire, error) {
	conn, err := net.DialTimeout("tcp", address, answerTimeout)
	if err != nil {
		return nil, err
	}
	return &Wire{address: address, conn: conn, in: bufio.NewReaderSize(conn, 4<<10)}, nil
}

func (w *Wire) reopen() error {
	fresh, err := Dial(w.address)
	if err != nil {
		return err
	}
	w.Close()
	w.conn, w.in = fresh.conn, fresh.in
	return nil
}

// Close closes it.
func (w *Wire) Close() { _ = w.conn.Close() }

// Bearer is the header of a request with a token and a JSON body.
func Bearer(token string) string {
	return "Authorization: Bearer " + token + "\r\nContent-Type: application/json\r\n"
}

// Body is that of the last response, valid until the next request.
func (w *Wire) Body() []byte { return w.body }

// Expect sends a request and returns an error unless the response has the given status. The header is lines that end in CRLF.
func (w *Wire) Expect(want int, method, path, header string, body []byte) error {
	status, err := w.request(method, path, header, body)
	if err != nil {
		return err
	}
	if status != want {
		return &refusal{fmt.Sprintf("%s %s: %d %.300s", method, path, status, w.body)}
	}
	return nil
}

// refusal is a response that accepts nothing. The connection is fine.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }

func (w *Wire) request(method, path, header string, body []byte) (int, error) {
	o := w.out[:0]
	o = append(o, method...)
	o = append(o, ' ')
	o = append(o, path...)
	o = append(o, " HTTP/1.1\r\nHost: "...)
	o = append(o, w.address...)
	o = append(o, "\r\n"...)
	o = append(o, header...)
	o = append(o, "Content-Length: "...)
	o = strconv.AppendInt(o, int64(len(body)), 10)
	o = append(o, "\r\n\r\n"...)
	o = append(o, body...)
	w.out = o
	if err := w.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return 0, err
	}
	if _, err := w.conn.Write(o); err != nil {
		return 0, err
	}
	return w.answer()
}

func (w *Wire) answer() (int, error) {
	status, length, chunked, err := readHead(w.in)
	if err != nil {
		return 0, err
	}
	if chunked {
		return 0, fmt.Errorf("status %d: the answer is chunked, which this client does not read", status)
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	w.body = w.body[:length]
	_, err = io.ReadFull(w.in, w.body)
	return status, err
}

// readHead reads the status line and the header; length is 0 if there is none.
func readHead(in *bufio.Reader) (status, length int, chunked bool, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, 0, false, err
	}
	if len(line) < 12 {
		return 0, 0, false, fmt.Errorf("no status line: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, 0, false, err
	}
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, 0, false, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return status, length, chunked, nil
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return 0, 0, false, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		}
	}
}
