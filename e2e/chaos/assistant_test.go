package chaos

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// assistant calls tools for its own user.
type assistant struct {
	user  *client.Client
	token *client.Client
	id    string
}

func newAssistant(t *testing.T, base string) assistant {
	t.Helper()
	c := client.New(base, nil).Patient()
	s := check.Must(c.Register(t.Context(), client.Credentials{Email: "ada." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Ada"}))(t)
	u := c.As(s.AccessToken)
	token := check.Must(u.CreateToken(t.Context(), s.Password, "assistant", "mcp"))(t)
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		log, err := u.History(t.Context(), 0)
		if err == nil && len(log) != noticed {
			err = fmt.Errorf("the log has %d entries", len(log))
		}
		return err
	}))
	return assistant{u, c.As(token.Secret), s.User.ID}
}

// noticed is the number of entries that a new assistant's log has: the user is notified of the new token.
const noticed = 1

// answer is a tool's response.
type answer struct {
	Result struct {
		IsError           bool
		Content           []struct{ Text string }
		StructuredContent struct {
			Task    client.Task
			Seq     int64
			Open    struct{ Total int64 }
			Changes []struct{ Title string }
		}
	}
}

// call calls a tool once. An error means that there was no response, or one from a gateway whose function is down.
func (a assistant) call(t *testing.T, tool string, arguments client.Fields) (out answer, err error) {
	t.Helper()
	r, err := a.token.Do(t.Context(), client.Request{
		Method: http.MethodPost, Path: "/mcp", Header: map[string]string{"Accept": "application/json, text/event-stream"},
		JSON: client.Fields{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": client.Fields{"name": tool, "arguments": arguments}},
	})
	if err != nil {
		return out, err
	}
	if err := r.Decode(tool, http.StatusOK, &out); err != nil {
		return out, err
	}
	if out.Result.IsError {
		return out, fmt.Errorf("%s: %s", tool, out.Result.Content[0].Text)
	}
	return out, nil
}

// TestAssistant_KilledBetweenCallAndAnswer_OneChange: whichever process is killed during a call, the call repeated with
// its key makes one change and returns it.
func TestAssistant_KilledBetweenCallAndAnswer_OneChange(t *testing.T) {
	s := openStack(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	a := newAssistant(t, values.GatewayURL)
	for i, name := range []string{"tasks after its commit", "mcp at some moment", "mcp at another"} {
		add := client.Fields{"title": name, "due_at": "in 2 hours", "idempotency_key": "k" + strconv.Itoa(i)}
		var killing sync.WaitGroup
		if i == 0 {
			armed := filepath.Join(values.Functions["tasks"].FailpointDir, "after-commit")
			check.NoError(t, os.WriteFile(armed, nil, 0o600))
			if _, err := a.call(t, "add_task", add); err == nil || !strings.Contains(err.Error(), "idempotency_key") {
				t.Errorf("the tasks function was killed, and the response is %v", err)
			}
		} else {
			killing.Go(func() {
				if _, err := s.Kill9(check.Within(t, timeout), "mcp"); err != nil {
					t.Error(err)
				}
			})
		}
		var first answer
		check.NoError(t, world.Again(check.Within(t, timeout), func() (err error) {
			first, err = a.call(t, "add_task", add)
			return err
		}))
		killing.Wait()
		var again answer
		check.NoError(t, world.Again(check.Within(t, timeout), func() (err error) {
			again, err = a.call(t, "add_task", add)
			return err
		}))
		if first.Result.StructuredContent.Task.ID == "" || again.Result.StructuredContent.Task.ID != first.Result.StructuredContent.Task.ID {
			t.Errorf("%s: %+v, then %+v", name, first, again)
		}
		if history := check.Must(a.user.History(t.Context(), 0))(t); len(history) != noticed+i+1 {
			t.Errorf("%s: %d changes", name, len(history))
		}
	}
}

// TestAssistant_RedisFlushed_StillRight: events keep the context current. If Redis loses it, it is rebuilt; without
// Redis it is still correct.
func TestAssistant_RedisFlushed_StillRight(t *testing.T) {
	s := openStack(t)
	values := check.Must(s.Values(check.Within(t, timeout)))(t)
	a := newAssistant(t, values.GatewayURL)
	seq := int64(0)
	change := func() {
		t.Helper()
		check.Must(a.user.CreateTask(t.Context(), client.Fields{"title": "Number " + strconv.FormatInt(seq+1, 10)}))(t)
		seq++
	}
	right := func() {
		t.Helper()
		var got answer
		check.NoError(t, world.Again(check.Within(t, timeout), func() (err error) {
			got, err = a.call(t, "recent_changes", client.Fields{})
			return err
		}))
		c := got.Result.StructuredContent
		if c.Seq != noticed+seq || c.Open.Total != seq || int64(len(c.Changes)) != seq || c.Changes[0].Title != "Number "+strconv.FormatInt(seq, 10) {
			t.Errorf("not at change %d: %+v", seq, c)
		}
	}
	change()
	right()
	change()
	// Nothing reads the context: the event updates the stored one.
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		kept := redis(t, values.RedisURL, "HGET context:"+a.id+" data")
		if !strings.Contains(kept, `{"seq":`+strconv.FormatInt(noticed+seq, 10)+",") {
			return fmt.Errorf("the stored context is %.200q", kept)
		}
		return nil
	}))
	right()
	redis(t, values.RedisURL, "FLUSHALL")
	right()
	change()
	right()
	check.NoError(t, s.Hold(check.Within(t, timeout), stack.Redis))
	t.Cleanup(func() { _ = s.Release(context.WithoutCancel(t.Context()), stack.Redis) })
	change()
	right()
	check.NoError(t, s.Release(check.Within(t, timeout), stack.Redis))
	check.Must(s.WaitHealthy(check.Within(t, timeout), stack.Redis))(t)
	change()
	right()
}

// redis sends an inline command and returns the first line of the response.
func redis(t *testing.T, address, command string) string {
	t.Helper()
	u := check.Must(url.Parse(address))(t)
	conn := check.Must(net.DialTimeout("tcp", u.Host, timeout))(t)
	defer conn.Close()
	check.NoError(t, conn.SetDeadline(time.Now().Add(timeout)))
	password, _ := u.User.Password()
	check.Must(io.WriteString(conn, "AUTH "+password+"\r\n"+command+"\r\n"))(t)
	answers := bufio.NewReader(conn)
	check.Must(answers.ReadString('\n'))(t) // the response to AUTH
	said := check.Must(answers.ReadString('\n'))(t)
	if n, err := strconv.Atoi(strings.TrimSpace(strings.TrimPrefix(said, "$"))); err == nil && strings.HasPrefix(said, "$") && n > 0 {
		value := make([]byte, n)
		check.Must(io.ReadFull(answers, value))(t)
		return string(value)
	}
	return said
}
