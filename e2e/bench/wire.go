package main

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

// wire is one keep-alive connection.
type wire struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     []byte
	body    []byte
}

func dial(address string) (*wire, error) {
	conn, err := net.DialTimeout("tcp", address, answerTimeout)
	if err != nil {
		return nil, err
	}
	return &wire{address: address, conn: conn, in: bufio.NewReaderSize(conn, 4<<10)}, nil
}

func (w *wire) reopen() error {
	fresh, err := dial(w.address)
	if err != nil {
		return err
	}
	w.close()
	w.conn, w.in = fresh.conn, fresh.in
	return nil
}

func (w *wire) close() { _ = w.conn.Close() }

// request sends a request with a JSON body, the token and the minimal header, and returns the status and the body,
// which is valid until the next request.
func (w *wire) request(method, path, token string, body []byte) (int, []byte, error) {
	o := w.out[:0]
	o = append(o, method...)
	o = append(o, ' ')
	o = append(o, path...)
	o = append(o, " HTTP/1.1\r\nHost: "...)
	o = append(o, w.address...)
	o = append(o, "\r\nAuthorization: Bearer "...)
	o = append(o, token...)
	o = append(o, "\r\nContent-Type: application/json\r\nContent-Length: "...)
	o = strconv.AppendInt(o, int64(len(body)), 10)
	o = append(o, "\r\n\r\n"...)
	o = append(o, body...)
	w.out = o
	if err := w.conn.SetDeadline(time.Now().Add(answerTimeout)); err != nil {
		return 0, nil, err
	}
	if _, err := w.conn.Write(o); err != nil {
		return 0, nil, err
	}
	return w.answer()
}

func (w *wire) answer() (int, []byte, error) {
	status, length, chunked, err := readHead(w.in)
	if err != nil {
		return 0, nil, err
	}
	if chunked {
		return 0, nil, fmt.Errorf("status %d: the answer is chunked, which this client does not read", status)
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	w.body = w.body[:length]
	_, err = io.ReadFull(w.in, w.body)
	return status, w.body, err
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
