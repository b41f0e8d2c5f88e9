package fault

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"

	"taskwire.dev/e2e/stack"
)

// Net is the network between all parts: they reach each other only through it.
type Net struct{ links map[string]*link }

// Open listens for every link of a stack.
func Open(links []stack.Link) (*Net, error) {
	n := &Net{links: map[string]*link{}}
	for _, l := range links {
		listener, err := net.Listen("tcp", l.Listen)
		if err != nil {
			n.Close()
			return nil, err
		}
		one := &link{to: l.To, listener: listener, open: map[net.Conn]net.Conn{}, moved: make(chan struct{})}
		n.links[l.Name] = one
		go one.serve()
	}
	return n, nil
}

// Close closes all connections and stops listening.
func (n *Net) Close() {
	if n == nil {
		return
	}
	for _, l := range n.links {
		_ = l.listener.Close()
		l.reset()
	}
}

// Names lists the links.
func (n *Net) Names() []string {
	if n == nil {
		return nil
	}
	var names []string
	for name := range n.links {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Address is where a link listens; "" when there is no such link.
func (n *Net) Address(name string) string {
	if n == nil || n.links[name] == nil {
		return ""
	}
	return n.links[name].listener.Addr().String()
}

// Disturb resets the connections of a link, delays them, or stalls them.
func (n *Net) Disturb(name string, kind Kind) error {
	l := n.links[name]
	if l == nil {
		return fmt.Errorf("there is no link %q", name)
	}
	switch kind {
	case Cut:
		l.reset()
	case Slow:
		l.become(80*time.Millisecond, false)
	case Stall:
		l.become(0, true)
	}
	return nil
}

// Calm restores a link.
func (n *Net) Calm(name string) error {
	n.links[name].become(0, false)
	return nil
}

// link is one address with a part behind it, or the copies of one.
type link struct {
	to       []string
	listener net.Listener

	mu      sync.Mutex
	open    map[net.Conn]net.Conn // the two sides of each connection
	next    int
	delay   time.Duration
	stalled bool
	moved   chan struct{} // closed and replaced when delay or stalled change
}

func (l *link) become(delay time.Duration, stalled bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay, l.stalled = delay, stalled
	close(l.moved)
	l.moved = make(chan struct{})
}

// reset ends every connection as a crashed router does, with RST on both sides.
func (l *link) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for conn := range l.open {
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

func (l *link) serve() {
	for {
		conn, err := l.listener.Accept()
		if err != nil {
			return
		}
		go l.carry(conn)
	}
}

// carry connects a caller to the part, or to the copy whose turn it is, or to another one if that does not respond.
func (l *link) carry(caller net.Conn) {
	defer func() { _ = caller.Close() }()
	l.mu.Lock()
	turn := l.next
	l.next++
	l.mu.Unlock()
	var part net.Conn
	for i := range l.to {
		conn, err := net.DialTimeout("tcp", l.to[(turn+i)%len(l.to)], 2*time.Second)
		if err == nil {
			part = conn
			break
		}
	}
	if part == nil {
		if tcp, ok := caller.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		return
	}
	defer func() { _ = part.Close() }()
	l.mu.Lock()
	l.open[caller], l.open[part] = part, caller
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.open, caller)
		delete(l.open, part)
	}()
	var both sync.WaitGroup
	both.Go(func() { l.pump(caller, part) })
	both.Go(func() { l.pump(part, caller) })
	both.Wait()
}

// pump copies one direction at the link's speed, and passes the end on.
func (l *link) pump(from, to net.Conn) {
	piece := make([]byte, 32<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			l.wait()
			if _, err := to.Write(piece[:n]); err != nil {
				_ = from.Close()
				return
			}
		}
		if err == nil {
			continue
		}
		if tcp, ok := to.(*net.TCPConn); ok && errors.Is(err, io.EOF) {
			_ = tcp.CloseWrite()
		} else {
			_ = to.Close()
		}
		return
	}
}

// wait blocks while the link is delayed or stalled.
func (l *link) wait() {
	for {
		l.mu.Lock()
		delay, stalled, moved := l.delay, l.stalled, l.moved
		l.mu.Unlock()
		if !stalled {
			time.Sleep(delay) // the delay itself
			return
		}
		<-moved
	}
}
