// Package tutorial follows docs/add-a-function.md step by step, in a copy of the repository, and runs the resulting
// function beside the stack under test.
package tutorial

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

const (
	name = "webhook-notifier"
	// timeout is how long to wait for a build, or an event, on a busy machine.
	timeout = 5 * time.Minute
)

// block is a fenced block of the document: its info string and its content.
type block struct{ info, text string }

var fence = regexp.MustCompile("(?ms)^```([^\n]+)\n(.*?)^```$")

// TestAddAFunction_AsWritten creates the function, tests it, starts it, and expects one call of its webhook for each
// completion: at once; after a redrive if the receiver refused it; automatically if the receiver was unavailable.
func TestAddAFunction_AsWritten(t *testing.T) {
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
	}
	running := check.Must(stack.Open(os.Getenv("TASKWIRE_PROFILE")))(t)
	values := check.Must(running.Values(check.Within(t, timeout)))(t)
	root := copyOf(t, running.Root())
	document := check.Must(os.ReadFile(filepath.Join(root, "docs", "add-a-function.md")))(t)
	for _, m := range fence.FindAllStringSubmatch(string(document), -1) {
		follow(t, root, block{m[1], m[2]})
	}
	refusals(t, root)

	hook := newReceiver(t)
	startAlone(t, running, root, hook.URL, values.KafkaBrokers)
	admin := newAdmin(t, values)
	hook.refuse("Poison", http.StatusUnprocessableEntity)
	poison, behind := admin.complete(t, "Poison"), admin.complete(t, "Water the plants")
	letter := admin.letterOf(t, poison)
	if letter.Consumer != name || letter.Reason != "invalid: the webhook answered 422 Unprocessable Entity" || letter.Attempts != 1 {
		t.Errorf("the dead letter says %+v", letter)
	}
	hook.await(t, behind, 1)
	if n := hook.calls(poison); n != 0 {
		t.Errorf("the webhook accepted the refused call %d times", n)
	}
	hook.refuse("", 0)
	redrive := client.Request{Method: http.MethodPost, Path: "/api/admin/dead-letters/" + letter.ID + "/redrive"}
	if answer := check.Must(admin.Do(check.Within(t, timeout), redrive))(t); answer.Status != http.StatusOK {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	hook.await(t, poison, 1)

	// The receiver is unavailable for longer than a delivery lasts: nothing becomes an open dead letter, and no one has
	// to act.
	hook.refuse("Water the lawn", http.StatusBadGateway)
	waits := admin.complete(t, "Water the lawn")
	after := admin.complete(t, "And one more")
	hook.awaitRefusals(t, 6)
	hook.refuse("", 0)
	hook.await(t, waits, 1)
	hook.await(t, after, 1)
	for _, id := range []string{poison, behind, waits, after} {
		if n := hook.calls(id); n != 1 {
			t.Errorf("the webhook was called %[2]d times for task %[1]s", id, n)
		}
	}
}

// copyOf copies the repository, including uncommitted changes.
func copyOf(t *testing.T, root string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "taskwire")
	check.NoError(t, os.MkdirAll(to, 0o755))
	run(t, root, nil, "bash", "-c", `set -o pipefail; git ls-files -co --exclude-standard -z | while IFS= read -rd '' f; do [ -e "$f" ] && printf '%s\0' "$f"; done | tar -c --null -T - | tar -x -C "$0"`, to)
	return to
}

// follow executes a block.
func follow(t *testing.T, root string, b block) {
	t.Helper()
	language, target, _ := strings.Cut(b.info, " ")
	path, below, insert := strings.Cut(target, " below ")
	switch {
	case language == "sh":
		run(t, root, nil, "bash", "-euc", b.text)
	case insert:
		var line string
		check.NoError(t, json.Unmarshal([]byte(below), &line))
		file := filepath.Join(root, path)
		content := string(check.Must(os.ReadFile(file))(t))
		if strings.Count(content, line+"\n") != 1 {
			t.Fatalf("%s has not one line %q", path, line)
		}
		check.NoError(t, os.WriteFile(file, []byte(strings.Replace(content, line+"\n", line+"\n"+b.text, 1)), 0o644))
	case path != "":
		check.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(b.text), 0o644))
	}
}

// refusals tries invalid names and types.
func refusals(t *testing.T, root string) {
	t.Helper()
	before := check.Must(os.ReadFile(filepath.Join(root, "go.work")))(t)
	for _, arguments := range []string{
		"NAME=" + name, "NAME=tasks", "NAME=", "NAME=Upper", "NAME=-x", "NAME=a--b", "NAME=a/b", "NAME=../x", "NAME=postgres", "NAME=x-dapr",
		"NAME=good TOPIC=nowhere", "NAME=good TOPIC=dead-letters", `NAME=good TYPE='a"b'`, "NAME=good TYPE=task.snoozed", "NAME=good TOPIC=reminders TYPE=task.completed",
	} {
		c := exec.CommandContext(check.Within(t, timeout), "bash", "-c", ".local/bin/taskwire-tools new-function "+asFlags(arguments))
		c.Dir = root
		if out, err := c.CombinedOutput(); err == nil {
			t.Errorf("%s was made: %s", arguments, out)
		}
	}
	if after := check.Must(os.ReadFile(filepath.Join(root, "go.work")))(t); !bytes.Equal(before, after) {
		t.Error("a refusal changed go.work")
	}
}

func asFlags(arguments string) string {
	for variable, flag := range map[string]string{"NAME=": "--name=", "TOPIC=": "--topic=", "TYPE=": "--type="} {
		arguments = strings.Replace(arguments, variable, flag, 1)
	}
	return arguments
}

// startAlone starts the new function, with its sidecar, on the broker of the running stack. The other functions already
// run there, so the copy loses their func.yaml files, by which the runner finds them. Their folders stay: one contains
// the operators' command.
func startAlone(t *testing.T, running *stack.Stack, root, webhook, brokers string) {
	t.Helper()
	for _, path := range check.Must(filepath.Glob(filepath.Join(root, "functions", "*", "func.yaml")))(t) {
		if filepath.Base(filepath.Dir(path)) != name {
			check.NoError(t, os.Remove(path))
		}
	}
	runner := filepath.Join(root, ".local", "bin", "taskwire-local")
	run(t, root, nil, "make", ".local/bin/taskwire-local")
	local := func(args ...string) {
		run(t, root, []string{"KAFKA_BROKERS=" + brokers}, runner, append([]string{"--profile", "tutorial"}, args...)...)
	}
	t.Cleanup(func() {
		c := exec.Command(runner, "--profile", "tutorial", "reset")
		c.Dir = root
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("reset: %v: %s", err, out)
		}
	})
	local("up", "--no-demo", "--env", name+":WEBHOOK_URL="+webhook)
}

// receiver is the webhook; it counts its calls.
type receiver struct {
	*httptest.Server
	mu      sync.Mutex
	told    map[string]int // by task
	refused string         // title of the refused task
	answer  int            // the status for it
	times   int            // how often it was refused
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{told: map[string]int{}}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		var in struct {
			TaskID string `json:"task_id"`
			Title  string `json:"title"`
		}
		body, err := io.ReadAll(request.Body)
		if err := errors.Join(err, json.Unmarshal(body, &in)); err != nil {
			t.Errorf("the webhook got %q: %v", body, err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.answer != 0 && in.Title == r.refused {
			r.times++
			w.WriteHeader(r.answer)
			return
		}
		r.told[in.TaskID]++
	}))
	t.Cleanup(r.Close)
	return r
}

// refuse makes the receiver answer tasks with that title with an error status.
func (r *receiver) refuse(title string, answer int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refused, r.answer, r.times = title, answer, 0
}

func (r *receiver) calls(task string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.told[task]
}

func (r *receiver) awaitRefusals(t *testing.T, n int) {
	t.Helper()
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.times < n {
			return fmt.Errorf("refused %d times", r.times)
		}
		return nil
	}))
}

func (r *receiver) await(t *testing.T, task string, n int) {
	t.Helper()
	check.NoError(t, world.Again(check.Within(t, timeout), func() error {
		if got := r.calls(task); got < n {
			return fmt.Errorf("the webhook was called %[2]d times for task %[1]s", task, got)
		}
		return nil
	}))
}

// admin is an administrator of the running stack.
type admin struct{ *client.Client }

func newAdmin(t *testing.T, v stack.Values) admin {
	t.Helper()
	anybody := client.New(v.GatewayURL, nil).Patient()
	in := client.Credentials{Email: fmt.Sprintf("tutorial.%d@example.com", time.Now().UnixNano()), Password: "correct horse battery", Name: "Ada"}
	check.Must(anybody.Register(check.Within(t, timeout), in))(t)
	run(t, v.StateDir, []string{"DATABASE_URL=" + v.Database["owner"]}, filepath.Join(v.Bin, "migrate"), "user", "role", in.Email, "admin")
	return admin{anybody.As(check.Must(anybody.Login(check.Within(t, timeout), in.Email, in.Password))(t).AccessToken)}
}

// complete creates and completes a task.
func (a admin) complete(t *testing.T, title string) (id string) {
	t.Helper()
	task := check.Must(a.CreateTask(check.Within(t, timeout), client.Fields{"title": title}))(t)
	check.Must(a.CompleteTask(check.Within(t, timeout), task.ID, true))(t)
	return task.ID
}

type deadLetter struct {
	ID       string `json:"id"`
	Consumer string `json:"consumer"`
	Reason   string `json:"reason"`
	Attempts int    `json:"attempts"`
	Subject  string `json:"event_subject"`
}

// letterOf waits for the dead letter about a task.
func (a admin) letterOf(t *testing.T, task string) (found deadLetter) {
	t.Helper()
	ctx := check.Within(t, timeout)
	check.NoError(t, world.Again(ctx, func() error {
		answer, err := a.Do(ctx, client.Request{Method: http.MethodGet, Path: "/api/admin/dead-letters?limit=200&status=open&consumer=" + name})
		if err != nil {
			return err
		}
		var page struct {
			Items []deadLetter `json:"items"`
		}
		if err := answer.Decode("list", http.StatusOK, &page); err != nil {
			return err
		}
		for _, l := range page.Items {
			if l.Subject == task {
				found = l
				return nil
			}
		}
		return fmt.Errorf("no dead letter of task %s among %d", task, len(page.Items))
	}))
	return found
}

// run runs a command that must succeed.
func run(t *testing.T, dir string, env []string, command string, args ...string) {
	t.Helper()
	c := exec.CommandContext(check.Within(t, timeout), command, args...)
	c.Dir, c.Env = dir, append(os.Environ(), env...)
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", command, strings.Join(args, " "), err, out)
	}
}
