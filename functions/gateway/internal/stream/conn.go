package stream

import (
	"errors"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// WriteTimeout is how long a client may take nothing of what it is sent. It is generous, since memory is bounded
// without it: a client that reads again in time gets a sync.reset instead of a cut line.
const WriteTimeout = 20 * time.Second

// pieceTimeout is how long a client may take for one piece, however steadily it reads.
const pieceTimeout = 2 * time.Minute

// Conn is a Sink on a bare connection: the response is whatever is written until the connection is closed
// (RFC 9112, 6.3, rule 8).
type Conn struct {
	conn   net.Conn
	head   []byte // goes with the first frames
	closed atomic.Bool
}

// sendBuffer is what the kernel may keep for one client. Linux would go up to 4 MB each.
const sendBuffer = 64 << 10

// NewConn returns a Conn that begins with head, the response's status line and header.
func NewConn(conn net.Conn, head []byte) *Conn {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // a limit to memory only; the stream works without
	}
	return &Conn{conn: conn, head: head}
}

// Write implements Sink, with one system call where the client keeps up.
func (c *Conn) Write(frames [][]byte) error {
	if c.closed.Load() {
		return net.ErrClosed
	}
	buffers := net.Buffers(frames)
	if c.head != nil {
		buffers, c.head = append(net.Buffers{c.head}, frames...), nil
	}
	for began := time.Now(); ; {
		if err := c.conn.SetWriteDeadline(time.Now().Add(WriteTimeout)); err != nil {
			return err
		}
		n, err := buffers.WriteTo(c.conn)
		if n == 0 || !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) > pieceTimeout {
			return err
		}
		// It reads, but slowly: what is left of buffers is still to come.
	}
}

// Gone implements Sink: it peeks whether the client has closed its side. A goroutine that waits in Read would
// tell at once, but would cost more memory than all the rest of an idle stream.
func (c *Conn) Gone() bool {
	raw, ok := c.conn.(syscall.Conn)
	if !ok {
		return false
	}
	rc, err := raw.SyscallConn()
	if err != nil {
		return true
	}
	gone := false
	err = rc.Read(func(fd uintptr) bool {
		var b [1]byte
		n, _, err := syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		gone = err == nil && n == 0 || err != nil && !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
		return true
	})
	return gone || err != nil
}

// Close implements Sink.
func (c *Conn) Close() {
	c.closed.Store(true)
	_ = c.conn.Close() // nobody is left to tell
}
