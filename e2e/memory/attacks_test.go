package memory

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// attack is a request that takes, or once took, much more memory than others.
type attack struct {
	function, name, method string
	path                   func(b *bundle, i int) string
	body                   func(b *bundle, i int) []byte
	header                 map[string]string
	anonymous              bool
	sidecar                bool // only its sidecar may call it
	want                   int  // the status of a single one, which must not be rejected for lack of memory; 0 is any rejection
}

func fixed(path string) func(*bundle, int) string { return func(*bundle, int) string { return path } }

func same(body []byte) func(*bundle, int) []byte { return func(*bundle, int) []byte { return body } }
func none(*bundle, int) []byte                   { return nil }

// The largest accepted bodies.
const (
	large   = 4<<20 - 64
	account = 64<<10 - 64
	call    = 256<<10 - 64
)

// letterTopic is the topic that a stored letter names.
const letterTopic = "memory-test"

// repeat returns JSON of about that size, made of one repeated part.
func repeat(size int, before, part, after string) []byte {
	n := (size - len(before) - len(after)) / (len(part) + 1)
	return []byte(before + strings.TrimSuffix(strings.Repeat(part+",", n), ",") + after)
}

func unknownMembers(size int) []byte {
	var b strings.Builder
	for i := 0; b.Len() < size-16; i++ {
		fmt.Fprintf(&b, `,"m%d":0`, i)
	}
	return []byte("{" + b.String()[1:] + "}")
}

// longest is the description with the most bytes: 20,000 characters of four bytes.
var longest = strings.Repeat("😀", 20_000)

type fields map[string]any

func batch(n int, op func(i int) fields) []byte {
	operations := make([]fields, n)
	for i := range operations {
		operations[i] = op(i)
	}
	body, _ := json.Marshal(fields{"operations": operations}) // plain values always marshal
	return body
}

func longBatch(n int, description string) []byte {
	return batch(n, func(i int) fields {
		return fields{"op": "create", "task": fields{"title": fmt.Sprint("Long ", i), "description": description}}
	})
}

// fill gives each user long tasks, and stores their ids. It sends a few at a time, because this is not yet the attack.
func (b *bundle) fill(t *testing.T) {
	t.Helper()
	for i := range users {
		for range 6 {
			r := attack{function: "tasks", method: http.MethodPost, path: fixed("/api/todos/batch"), body: same(longBatch(10, longest))}
			a := b.send(t.Context(), r, i)
			var made struct{ Results []struct{ ID string } }
			if err := json.Unmarshal(a.whole, &made); a.status != http.StatusOK || err != nil {
				t.Fatalf("%d %v %v %.300s", a.status, a.err, err, a.whole)
			}
			for _, one := range made.Results {
				b.tasks[i] = append(b.tasks[i], one.ID)
			}
		}
	}
}

func (b *bundle) attacks() []attack {
	mine := func(rest string) func(*bundle, int) string {
		return func(b *bundle, i int) string { return "/api/todos/" + b.tasks[i%users][0] + rest }
	}
	event := map[string]string{"Content-Type": "application/cloudevents+json"}
	extensions := strings.Replace(string(unknownMembers(large)), "{", `{"specversion":"1.0","id":"1","source":"/x","type":"task.create",`, 1)
	rpc := func(method, params string) []byte {
		return []byte(`{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":` + params + `}`)
	}
	post, get := http.MethodPost, http.MethodGet
	tasks := []attack{
		{name: "unknown members", method: post, path: fixed("/api/todos"), body: same(unknownMembers(large)), want: 422},
		{name: "members of an ignored field", method: post, path: fixed("/api/todos"), body: same([]byte(`{"title":"a","id":` + string(unknownMembers(large-32)) + `}`)), want: 413},
		{name: "a million tags", method: post, path: fixed("/api/todos"), body: same(repeat(large, `{"title":"a","tags":[`, `"a"`, "]}")), want: 422},
		{name: "one long field name", method: post, path: fixed("/api/todos"), body: same([]byte(`{"` + strings.Repeat("~", large-8) + `":1}`)), want: 400},
		{name: "nested arrays", method: post, path: fixed("/api/todos"), body: same([]byte(`{"id":` + strings.Repeat("[", large/2-8) + strings.Repeat("]", large/2-8) + `}`)), want: 400},
		{name: "a million operations", method: post, path: fixed("/api/todos/batch"), body: same(repeat(large, `{"operations":[`, `{}`, "]}")), want: 422},
		{name: "100 operations, 5,000 errors", method: post, path: fixed("/api/todos/batch"), body: same(batch(100, func(int) fields {
			return fields{"op": "create", "task": fields{"tags": strings.Split(strings.Repeat(" ,", 49), ","), strings.Repeat("x", 900): 1}}
		})), want: 422},
		{name: "a batch of long tasks", method: post, path: fixed("/api/todos/batch"), body: same(longBatch(100, longest[:40_000])), want: 200},
		// Their folded text is twice as long.
		{name: "a batch of long tasks that unfold", method: post, path: fixed("/api/todos/batch"), body: same(longBatch(100, strings.Repeat("½a", 10_000))), want: 200},
		// The members of a merge patch are counted before they are validated.
		{name: "a patch of unknown members", method: http.MethodPatch, path: mine(""), body: same(unknownMembers(large)), want: 413},
		{name: "an event of extensions", method: post, path: fixed("/api/events"), body: same([]byte(extensions)), header: event, want: 413},
		{name: "an event of unknown members", method: post, path: fixed("/api/events"), header: event, want: 422, body: same([]byte(
			`{"specversion":"1.0","id":"1","source":"/x","type":"task.create","data":` + string(unknownMembers(100<<10)) + `}`))},
		{name: "a batch that moves long tasks", method: post, path: fixed("/api/todos/batch"), want: 200, body: func(b *bundle, i int) []byte {
			ids := b.tasks[i%users]
			return batch(40, func(n int) fields {
				return fields{"op": "update", "id": ids[n], "task": fields{"title": fmt.Sprint(i)}}
			})
		}},
		{name: "a batch of more than is read", method: post, path: fixed("/api/todos/batch"), want: 413, body: func(b *bundle, i int) []byte {
			ids := b.tasks[i%users]
			return batch(len(ids), func(n int) fields { return fields{"op": "complete", "id": ids[n]} })
		}},
		{name: "a list of long tasks", method: get, path: fixed("/api/todos?limit=200"), body: none, want: 200},
		{name: "a history of long tasks", method: get, path: fixed("/api/history?limit=200"), body: none, want: 200},
	}
	for i := range tasks {
		tasks[i].function = "tasks"
	}
	delivery := func(one string, n int) []byte {
		raw := base64.StdEncoding.EncodeToString([]byte(one))
		return repeat(n*(len(raw)+40), `{"entries":[`, `{"entryId":"1","event":"`+raw+`"}`, "]}")
	}
	letter := same([]byte(strings.Repeat("x", 8<<20-64)))
	longEvent := `{"specversion":"1.0","id":"1","source":"/x","type":"nothing.of.ours","data":{"task":{"description":"` + longest + `"}}}`
	return append(tasks,
		attack{function: "auth", name: "a login of unknown members", method: post, path: fixed("/api/auth/login"), body: same(unknownMembers(account)), anonymous: true, want: 422},
		attack{function: "auth", name: "a login of long values", method: post, path: fixed("/api/auth/login"), body: same([]byte(`{"email":"` + strings.Repeat("a", account-64) + `","password":"x"}`)), anonymous: true},
		attack{function: "mcp", name: "a call of unknown arguments", method: post, path: fixed("/mcp"), body: same(rpc("tools/call", `{"name":"add_task","arguments":`+string(unknownMembers(call-128))+`}`))},
		attack{function: "mcp", name: "a batch of calls", method: post, path: fixed("/mcp"), body: same(repeat(call, `[`, `{"jsonrpc":"2.0","id":1,"method":"x"}`, `]`))},
		attack{function: "mcp", name: "nested arrays", method: post, path: fixed("/mcp"), body: same(rpc("tools/call", `{"name":"add_task","arguments":{"title":`+strings.Repeat("[", call/2-96)+strings.Repeat("]", call/2-96)+`}}`))},
		attack{function: "mcp", name: "a list of long tasks", method: post, path: fixed("/mcp"), body: same(rpc("tools/call", `{"name":"list_tasks","arguments":{"limit":100}}`))},
		attack{function: "mcp", name: "a delivery of long events", method: post, path: fixed("/internal/events/task-events"), body: same(delivery(longEvent, 100)), sidecar: true, anonymous: true},
		attack{function: "notifications", name: "a snooze of unknown members", method: post, path: fixed("/api/notifications/019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f/snooze"), body: same(unknownMembers(large)), sidecar: true},
		attack{function: "dead-letter", name: "a letter of 8 MB for the topic", method: post, path: fixed("/"), body: letter, sidecar: true, anonymous: true},
		attack{
			function: "dead-letter", name: "a letter of 8 MB to store", method: post, path: fixed("/internal/events/dead-letters"), sidecar: true, anonymous: true,
			body: letter, header: map[string]string{"__topic": letterTopic}, want: 200,
		},
		attack{
			function: "gateway", name: "a delivery of hints", method: post, path: fixed("/internal/events/task-updates"), sidecar: true, anonymous: true,
			body: same(repeat(100*9000, `{"entries":[`, `{"entryId":"1","event":{"type":"x","data":{"x":"`+strings.Repeat("x", 8900)+`"}}}`, "]}")),
		},
		attack{function: "gateway", name: "unknown members", method: post, path: fixed("/api/todos"), body: same(unknownMembers(large)), want: 422},
		attack{function: "gateway", name: "a list of long tasks", method: get, path: fixed("/api/todos?limit=200"), body: none, want: 200},
	)
}
