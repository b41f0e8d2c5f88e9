package fault

import (
	"bufio"
	"io"
	"net"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/stack"
)

// echo answers each line with its own name and the line.
func echo(t *testing.T, name string) string {
	t.Helper()
	l := check.Must(net.Listen("tcp", "127.0.0.1:0"))(t)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				lines := bufio.NewReader(conn)
				for {
					line, err := lines.ReadString('\n')
					if err != nil {
						return
					}
					if _, err := io.WriteString(conn, name+" "+line); err != nil {
						return
					}
				}
			}()
		}
	}()
	return l.Addr().String()
}

// call is a connection to a link.
type call struct {
	net.Conn
	lines *bufio.Reader
}

func dial(t *testing.T, n *Net) call {
	t.Helper()
	conn := check.Must(net.Dial("tcp", n.Address("all to echo")))(t)
	t.Cleanup(func() { _ = conn.Close() })
	check.NoError(t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	return call{conn, bufio.NewReader(conn)}
}

func (c call) say(line string) (string, error) {
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		return "", err
	}
	return c.lines.ReadString('\n')
}

func open(t *testing.T, to ...string) *Net {
	t.Helper()
	n := check.Must(Open([]stack.Link{{Name: "all to echo", Listen: "127.0.0.1:0", To: to}}))(t)
	t.Cleanup(n.Close)
	return n
}

func TestNet_SharesOutAndPassesOverWhoIsAway(t *testing.T) {
	t.Parallel()
	n := open(t, echo(t, "one"), echo(t, "two"), "127.0.0.1:1")
	heard := map[string]int{}
	for range 9 {
		heard[check.Must(dial(t, n).say("hello"))(t)]++
	}
	if heard["one hello\n"] == 0 || heard["two hello\n"] == 0 {
		t.Errorf("%v", heard)
	}
}

func TestNet_Reset_BreaksWhatIsOpenAndNothingElse(t *testing.T) {
	t.Parallel()
	n := open(t, echo(t, "one"))
	c := dial(t, n)
	check.Must(c.say("hello"))(t)
	check.NoError(t, n.Disturb("all to echo", Cut))
	if said, err := c.say("still there?"); err == nil {
		t.Errorf("a connection survived a reset: %q", said)
	}
	check.Must(dial(t, n).say("hello"))(t)
}

func TestNet_Stall_HoldsUntilCalm(t *testing.T) {
	t.Parallel()
	n := open(t, echo(t, "one"))
	c := dial(t, n)
	check.Must(c.say("hello"))(t)
	check.NoError(t, n.Disturb("all to echo", Stall))
	answer := make(chan error, 1)
	go func() {
		_, err := c.say("anybody?")
		answer <- err
	}()
	select {
	case err := <-answer:
		t.Fatalf("got a response through a stalled link: %v", err)
	case <-time.After(100 * time.Millisecond): // there is no event to wait for that proves that nothing arrives
	}
	check.NoError(t, n.Calm("all to echo"))
	check.NoError(t, <-answer)
	if n.Disturb("all to nobody", Cut) == nil {
		t.Error("a fault on a missing link succeeded")
	}
}
