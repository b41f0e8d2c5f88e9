// Package memory tests that no request, and no 64 concurrent ones of the worst kind, bring a function to the memory
// limit in its func.yaml. It measures the resident memory of the functions of a running stack (VmHWM), which is more
// than a cgroup charges: pages of the program's file count in full.
package memory

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
)

// crowd is how many requests are sent at once, spread over all users.
const (
	crowd = 64
	users = 4
)

// bundle is a running stack with users.
type bundle struct {
	stack  *stack.Stack
	values stack.Values
	http   *http.Client
	tokens []string
	tasks  [users][]string // long ones, of each user
}

func setup(t *testing.T) *bundle {
	t.Helper()
	frontDoor, profile := os.Getenv("TASKWIRE_URL"), os.Getenv("TASKWIRE_PROFILE")
	if frontDoor == "" || profile == "" {
		t.Fatal("TASKWIRE_URL and TASKWIRE_PROFILE are not set: there is no stack to test. Run `make test`, which starts one.")
	}
	s := check.Must(stack.Open(profile))(t)
	b := &bundle{stack: s, values: check.Must(s.Values(t.Context()))(t)}
	b.http = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: crowd, DisableCompression: true, IdleConnTimeout: time.Second}}
	for range users {
		c := client.New(frontDoor, nil).Patient()
		session := check.Must(c.Register(t.Context(), client.Credentials{
			Email: "memory." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Memory",
		}))(t)
		token := check.Must(c.As(session.AccessToken).CreateToken(t.Context(), session.Password, "memory", "tasks:read", "tasks:write", "mcp"))(t)
		b.tokens = append(b.tokens, token.Secret)
	}
	return b
}

// limit returns the memory limit of a function, read from the same place as in a cluster.
func (b *bundle) limit(t *testing.T, function string) int64 {
	t.Helper()
	text := check.Must(os.ReadFile(filepath.Join(b.stack.Root(), "functions", function, "func.yaml")))(t)
	_, limits, found := bytes.Cut(text, []byte("limits:"))
	value := regexp.MustCompile(`memory: (\d+)Mi`).FindSubmatch(limits)
	if !found || value == nil {
		t.Fatalf("%s has no memory limit", function)
	}
	return int64(check.Must(strconv.Atoi(string(value[1])))(t)) << 20
}

// answer is what came back.
type answer struct {
	status int
	retry  string
	bytes  int
	whole  []byte
	err    error
}

// send sends a request directly to a function, with the token of its sidecar.
func (b *bundle) send(ctx context.Context, r attack, i int) answer {
	function := b.values.Functions[r.function]
	req, err := http.NewRequestWithContext(ctx, r.method, function.URL+r.path(b, i), bytes.NewReader(r.body(b, i)))
	if err != nil {
		return answer{err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if r.sidecar {
		req.Header.Set("Dapr-Api-Token", function.AppToken)
	}
	if !r.anonymous {
		req.Header.Set("Authorization", "Bearer "+b.tokens[i%users])
	}
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := b.http.Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, retry: res.Header.Get("Retry-After")}
	a.whole, a.err = io.ReadAll(res.Body)
	a.bytes = len(a.whole)
	return a
}

// peak runs f and returns the function's maximal resident memory meanwhile.
func (b *bundle) peak(t *testing.T, function string, run func()) int64 {
	t.Helper()
	process := check.Must(b.stack.WaitHealthy(check.Within(t, 30*time.Second), function))(t)
	check.NoError(t, stack.ResetPeak(process.PID))
	run()
	usage, err := stack.UsageOf(process.PID)
	if err != nil {
		t.Errorf("%s has ended, and was restarted: %v", function, err)
	}
	return usage.Peak
}

// maxProblem is the maximal size of a problem in bytes, for any request.
const maxProblem = 48 << 10

// judge returns what is wrong with the response to a hostile request. A rejection is correct, for lack of memory only if the request
// was one of a crowd; an unexplained one is not.
func judge(r attack, a answer, crowded bool) error {
	busy := crowded && (a.status == http.StatusServiceUnavailable || a.status == http.StatusTooManyRequests)
	switch {
	case a.err != nil:
		return a.err
	case a.status >= 400 && a.bytes > maxProblem:
		return fmt.Errorf("the error has %d bytes", a.bytes)
	case a.status == http.StatusServiceUnavailable && a.retry == "" && !r.sidecar:
		return fmt.Errorf("503 without Retry-After: %.300s", a.whole)
	case a.status >= 500 && a.status != http.StatusServiceUnavailable:
		return fmt.Errorf("%d: %.300s", a.status, a.whole)
	case a.status == 0 || r.want != 0 && a.status != r.want && !busy:
		return fmt.Errorf("%d, not %d: %.300s", a.status, r.want, a.whole)
	}
	var p struct {
		Errors []any `json:"errors"`
	}
	if a.status == http.StatusUnprocessableEntity && json.Unmarshal(a.whole, &p) == nil && len(p.Errors) > 20 {
		return fmt.Errorf("%d errors are listed", len(p.Errors))
	}
	return nil
}

func TestJudge(t *testing.T) {
	t.Parallel()
	stores := attack{want: http.StatusOK}
	for name, c := range map[string]struct {
		attack  attack
		answer  answer
		crowded bool
		ok      bool
	}{
		"as wanted":                     {stores, answer{status: 200}, false, true},
		"rejected for lack of memory":   {stores, answer{status: 503, retry: "2"}, false, false},
		"one of a crowd, rejected":      {stores, answer{status: 503, retry: "2"}, true, true},
		"rate-limited":                  {stores, answer{status: 429}, false, false},
		"one of a crowd, rate-limited":  {stores, answer{status: 429}, true, true},
		"one of a crowd, without retry": {stores, answer{status: 503}, true, false},
		"another rejection":             {stores, answer{status: 422}, true, false},
		"any rejection will do":         {attack{}, answer{status: 503, retry: "2"}, false, true},
		"failed":                        {attack{}, answer{status: 500}, true, false},
	} {
		if err := judge(c.attack, c.answer, c.crowded); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMemory_StaysUnderTheLimit sends each of the worst requests once, and then 64 at once.
func TestMemory_StaysUnderTheLimit(t *testing.T) {
	b := setup(t)
	b.fill(t)
	t.Cleanup(func() { b.discardLetter(t) })
	table := fmt.Sprintf("%-16s %-34s %9s %7s %9s %9s %7s\n", "function", "request", "KiB each", "answer", "1: MiB", "64: MiB", "limit")
	for _, r := range b.attacks() {
		limit := b.limit(t, r.function)
		var once answer
		one := b.peak(t, r.function, func() { once = b.send(t.Context(), r, 0) })
		if err := judge(r, once, false); err != nil {
			t.Errorf("%s, %s: %v", r.function, r.name, err)
		}
		var mu sync.Mutex
		statuses := map[int]int{}
		many := b.peak(t, r.function, func() {
			var running sync.WaitGroup
			for i := range crowd {
				running.Go(func() {
					a := b.send(t.Context(), r, i+1)
					err := judge(r, a, true)
					mu.Lock()
					defer mu.Unlock()
					if statuses[a.status]++; err != nil {
						t.Errorf("%s, %s, one of %d: %v", r.function, r.name, crowd, err)
					}
				})
			}
			if r.function == "tasks" {
				b.createsMeanwhile(t)
			}
			running.Wait()
		})
		for n, peak := range map[int]int64{1: one, crowd: many} {
			if peak > limit {
				t.Errorf("%s, %s: %d at once used %d MiB of resident memory; the limit is %d", r.function, r.name, n, peak>>20, limit>>20)
			}
		}
		table += fmt.Sprintf("%-16s %-34s %9d %7d %9d %9d %7d  %v\n", r.function, r.name, len(r.body(b, 0))>>10, once.bytes>>10, one>>20, many>>20, limit>>20, statuses)
	}
	t.Log("maximal resident memory, with one such request and with 64 at once\n" + table)
}

// discardLetter deletes the letter that was stored, so that it does not count as a failure of the stack.
func (b *bundle) discardLetter(t *testing.T) {
	t.Helper()
	ctx := context.Background() // the test's own has ended
	conn := check.Must(pgx.Connect(ctx, b.values.Database["owner"]))(t)
	defer func() { _ = conn.Close(ctx) }()
	check.Must(conn.Exec(ctx, `DELETE FROM dead_letter WHERE topic = $1`, letterTopic))(t)
}

// createsMeanwhile acts as other users: small requests are never rejected because of large ones. It tolerates a slow
// database on a busy machine.
func (b *bundle) createsMeanwhile(t *testing.T) {
	t.Helper()
	small := attack{function: "tasks", method: http.MethodPost, path: fixed("/api/todos"), body: same([]byte(`{"title":"Small"}`)), want: http.StatusCreated}
	for range 3 {
		if a := b.send(t.Context(), small, users-1); a.status != http.StatusCreated && (a.status != http.StatusServiceUnavailable || bytes.Contains(a.whole, []byte("large requests"))) {
			t.Errorf("a small request beside large ones: %d %v %.300s", a.status, a.err, a.whole)
		}
	}
}
