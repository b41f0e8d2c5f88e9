package e2e

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// fuzzWorkers is the number of concurrent workers.
const fuzzWorkers = 8

// fuzzRequests is the number of requests per worker in each of the two tests: 10,000 in all, times TASKWIRE_FUZZ for a
// longer search. On a cluster the same code responds, so a tenth is enough.
func fuzzRequests() int {
	requests := 625
	if onCluster {
		requests = 62
	}
	if n, err := strconv.Atoi(os.Getenv("TASKWIRE_FUZZ")); err == nil && n > 0 {
		requests *= n
	}
	return requests
}

// fuzz lets each worker send the requests that next returns, as its own user; judge returns what is wrong with a
// response.
func fuzz(t *testing.T, stream uint64, next func(*rand.Rand, *user, *client.Task) client.Request, judge func(*client.Response) string) {
	t.Helper()
	var wg sync.WaitGroup
	var tally sync.Map
	users := make([]*user, fuzzWorkers) // before any worker runs: a test must not end while one does
	for w := range users {
		users[w] = newUser(t)
	}
	tasks := make([]*client.Task, fuzzWorkers)
	for w, u := range users {
		tasks[w] = u.create(t, full())
	}
	for w, u := range users {
		task := tasks[w]
		random := rand.New(rand.NewPCG(seed, stream+uint64(w)))
		// Responses are checked individually here; the documents are checked against the traffic of the other tests.
		plain := client.New(frontDoor, transport).As(u.Token()).Patient()
		wg.Go(func() {
			for i := range fuzzRequests() {
				if t.Failed() {
					return
				}
				request := next(random, u, task)
				r, err := plain.Do(t.Context(), request)
				if err != nil {
					t.Errorf("seed %d, worker %d, request %d: %v\n%s", seed, w, i, err, show(request))
					return
				}
				if wrong := judge(r); wrong != "" {
					t.Errorf("seed %d, worker %d, request %d: %s: %d %.500s\n%s", seed, w, i, wrong, r.Status, r.Body, show(request))
				}
				n, _ := tally.LoadOrStore(r.Status, new(int64Counter))
				n.(*int64Counter).add()
			}
		})
	}
	wg.Wait()
	tally.Range(func(status, n any) bool {
		t.Logf("%d responses with %v", n.(*int64Counter).get(), status)
		return true
	})
}

func show(r client.Request) string {
	body := r.Body
	if body == nil && r.JSON != nil {
		body, _ = json.Marshal(r.JSON)
	}
	return fmt.Sprintf("%s %q\n%q\n%.1000q", r.Method, r.Path+"?"+r.Query.Encode(), r.Header, body)
}

type int64Counter struct {
	mu sync.Mutex
	n  int64
}

func (c *int64Counter) add() { c.mu.Lock(); c.n++; c.mu.Unlock() }

func (c *int64Counter) get() int64 { c.mu.Lock(); defer c.mu.Unlock(); return c.n }

// TestFuzz_Invalid sends requests and events with exactly one error: each gets a 4xx with a complete problem that
// describes it, and nothing is stored.
func TestFuzz_Invalid(t *testing.T) {
	t.Parallel()
	users := map[*user]*client.Task{}
	var mu sync.Mutex
	fuzz(t, 100, func(random *rand.Rand, u *user, task *client.Task) client.Request {
		mu.Lock()
		users[u] = task
		mu.Unlock()
		return invalidRequest(random, task)
	}, func(r *client.Response) string {
		if r.Status < 400 || r.Status > 499 {
			return "not refused"
		}
		p, wrong := readProblem(r)
		if wrong == "" && r.Status == 422 && len(p.Errors) == 0 {
			return "does not say what is invalid"
		}
		return wrong
	})
	for u, task := range users {
		if seq, tasks := u.state(t); seq != 1 || tasks != 1 {
			t.Fatalf("something was stored: seq %d, %d tasks", seq, tasks)
		}
		same(t, "the task", check.Must(u.Task(t.Context(), task.ID))(t), task)
	}
}

// TestFuzz_Garbled flips random bits in valid requests and events. Some remain valid; none gets a 5xx, and afterwards
// the log and the tasks still match.
func TestFuzz_Garbled(t *testing.T) {
	t.Parallel()
	users := map[*user]bool{}
	var mu sync.Mutex
	fuzz(t, 200, func(random *rand.Rand, u *user, task *client.Task) client.Request {
		mu.Lock()
		users[u] = true
		mu.Unlock()
		return garble(random, validRequest(random, task))
	}, func(r *client.Response) string {
		switch {
		case r.Status >= 500 || r.Status < 200:
			return "never"
		case r.Status >= 400:
			_, wrong := readProblem(r)
			return wrong
		}
		return ""
	})
	for u := range users {
		history := check.Must(u.History(t.Context(), 0))(t)
		for i, e := range history {
			if e.Seq != int64(i+1) {
				t.Fatalf("event %d has seq %d", i+1, e.Seq)
			}
		}
		checkReplay(t, u, history)
	}
}

// validRequest is a valid request about the task.
func validRequest(random *rand.Rand, task *client.Task) client.Request {
	path := "/api/todos/" + task.ID
	some := client.Fields{}
	for name, value := range full() {
		if random.IntN(2) == 0 {
			some[name] = value
		}
	}
	whole := client.Fields{"title": "Fuzzed"}
	for name, value := range some {
		whole[name] = value
	}
	encode := pick(random, []func(client.Event) client.Request{client.Event.Binary, client.Event.Structured})
	data := func(f client.Fields) string { return compact(f) }
	switch random.IntN(12) {
	case 0:
		return client.Request{Method: "POST", Path: "/api/todos", JSON: whole}
	case 1:
		return client.Request{Method: "PUT", Path: path, JSON: whole}
	case 2, 3:
		return client.Request{Method: "PATCH", Path: path, JSON: some, Header: map[string]string{"Content-Type": mergePatch}}
	case 4:
		return client.Request{Method: "PATCH", Path: path + "/complete", JSON: client.Fields{"completed": random.IntN(2) == 0}}
	case 5:
		return batch(client.Fields{"op": "update", "id": task.ID, "task": some}, client.Fields{"op": "create", "task": whole})
	case 6:
		return client.Request{Method: "PUT", Path: "/api/preferences", JSON: client.Fields{"timezone": "Europe/Berlin", "reminder_lead": "PT2H"}}
	case 7:
		query := "?status=open&priority=high&q=plants&sort=-due_at&limit=7&due_after=2026-01-01T00:00:00Z&tag=garden"
		return client.Request{Method: "GET", Path: "/api/todos" + query}
	case 8:
		return client.Request{Method: "GET", Path: "/api/history?after=0&limit=3"}
	case 9:
		return encode(command("task.create", "", data(whole)))
	case 10:
		return encode(command("task.update", task.ID, data(some)))
	default:
		return encode(command(pick(random, []string{"task.complete", "task.reopen"}), task.ID, ""))
	}
}

// garble changes some bytes of the body, the path or a header.
func garble(random *rand.Rand, r client.Request) client.Request {
	if r.Body == nil && r.JSON != nil {
		r.Body, _ = json.Marshal(r.JSON)
		header := map[string]string{"Content-Type": "application/json"}
		for name, value := range r.Header {
			header[name] = value
		}
		r.Header, r.JSON = header, nil
	}
	for range 1 + random.IntN(3) {
		switch part := random.IntN(10); {
		case part < 6 && len(r.Body) > 0:
			r.Body = []byte(mangle(random, string(r.Body), false))
		case part < 8:
			path, query, found := strings.Cut(r.Path, "?")
			if found {
				r.Path = path + "?" + mangle(random, query, true)
			} else if i := strings.LastIndexByte(path, '/'); i > 4 {
				// net/http itself rejects an invalid escape, in plain text.
				if last := mangle(random, path[i+1:], true); validEscapes(last) {
					r.Path = path[:i+1] + last
				}
			}
		default:
			for name, value := range r.Header { // any header
				r.Header[name] = mangle(random, value, true)
				break
			}
		}
	}
	return r
}

func validEscapes(s string) bool {
	_, err := url.PathUnescape(s)
	return err == nil
}

var snippets = []string{
	"", "null", "true", "-1", "1e999", `"`, `\u0000`, `\ud800`, "{", "}", "[", "]", ",", ":", `""`, "0", "\\", "%00", "%ff", "%", "&", "=", ";", "'", "--",
	"𝕏", "é", "\u202e", "9223372036854775808", "2026-12-01T08:00:00Z", "PT1H", strings.Repeat("A", 600), strings.Repeat("[", 200),
}

// mangle changes a text in one place; a printable text stays ASCII that is valid in a header or a URL.
func mangle(random *rand.Rand, s string, printable bool) string {
	i, j := random.IntN(len(s)+1), random.IntN(len(s)+1)
	if i > j {
		i, j = j, i
	}
	out := s
	switch random.IntN(5) {
	case 0:
		out = s[:i] + s[j:]
	case 1:
		out = s[:i] + pick(random, snippets) + s[i:]
	case 2:
		out = s[:i] + pick(random, snippets) + s[j:]
	case 3:
		out = s[:j] + s[i:]
	default:
		if i < len(s) {
			out = s[:i] + string([]byte{byte(random.IntN(256))}) + s[i+1:]
		}
	}
	if !printable {
		return out
	}
	return strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' || c == '#' || c == '?' {
			return -1
		}
		return c
	}, out)
}
