package function

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/fn"
)

// asFuncGo turns the test into a process that listens for all signals, as func-go does, and reports which one ended it.
// It is a separate process because signals are delivered to a whole process.
const asFuncGo = "TASKWIRE_TEST_AS_FUNC_GO"

func TestLinger(t *testing.T) {
	t.Parallel()
	if delay := os.Getenv(asFuncGo); delay != "" {
		lingering(t, delay)
		return
	}
	for name, c := range map[string]struct {
		delay   string
		signals int
	}{
		"until the while is over": {"1ms", 1},
		"until it is told again":  {"1h", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLinger$")
			child.Env = append(os.Environ(), asFuncGo+"="+c.delay)
			out, err := child.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := child.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(out)
			lines.Scan()
			url := lines.Text()
			for i := range c.signals {
				if i > 0 { // it still serves, and closes streams
					eventually.True(t, "it sends clients away", func() bool {
						res, err := http.Get(url)
						if err != nil {
							t.Fatal(err)
						}
						_ = res.Body.Close()
						return res.StatusCode == http.StatusNoContent && res.Close
					})
				}
				if err := child.Process.Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
			}
			lines.Scan()
			if said := lines.Text(); said != "ended by interrupt" {
				t.Errorf("it was %q", said)
			}
			for lines.Scan() { // so that it can end
			}
			if err := child.Wait(); err != nil {
				t.Error(err)
			}
		})
	}
}

func lingering(t *testing.T, delay string) {
	all := make(chan os.Signal, 2)
	signal.Notify(all)
	f := New()
	f.config.DrainDelay, _ = time.ParseDuration(delay)
	f.Base = fn.New(func(context.Context, struct{}) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			f.sendAway(w.Header())
			w.WriteHeader(http.StatusNoContent)
		}), nil
	})
	if err := f.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(f.Handle))
	defer server.Close()
	f.linger()
	fmt.Println(server.URL)
	for s := range all {
		if s != syscall.SIGURG && s != syscall.SIGCHLD {
			fmt.Println("ended by", strings.ToLower(s.String()))
			break
		}
	}
	_ = f.Base.Stop(t.Context())
}

func TestDoor_SendsAwayWhenItEndsOrIsCrowded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for name, c := range map[string]struct {
		leaving    bool
		goroutines int
		away       bool
	}{
		"it has room": {false, crowd, false},
		"it ends":     {true, crowd, true},
		"crowded":     {false, crowd + 1, true},
	} {
		b.leaving.Store(c.leaving)
		b.goroutines = func() int { return c.goroutines }
		for _, path := range []string{"/", "/api/status", "/api/none"} {
			if res := b.send(t, "GET", path, ""); res.Close != c.away {
				t.Errorf("%s: %s: the connection is closed: %t, want %t", name, path, res.Close, c.away)
			}
		}
	}
}
