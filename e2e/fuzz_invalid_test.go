package e2e

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strings"

	"taskwire.dev/e2e/client"
)

// invalidRequest is a valid request with exactly one error.
func invalidRequest(random *rand.Rand, task *client.Task) client.Request {
	for {
		if r, broken := breakIt(random, validRequest(random, task)); broken {
			return r
		}
	}
}

// breakIt makes a valid request invalid, if it knows how.
func breakIt(random *rand.Rand, r client.Request) (client.Request, bool) {
	path, _, list := strings.Cut(r.Path, "?")
	if list {
		bad := []string{
			"limit=0", "limit=201", "limit=x", "limit=-1", "limit=1.0", "cursor=nonsense", "colour=red", "after=-1&status=x", "sort=&limit=999", "limit=%00",
		}
		r.Path = path + "?" + pick(random, bad)
		return r, true
	}
	switch random.IntN(8) {
	case 0: // no such task
		if !strings.HasPrefix(path, "/api/todos/0") {
			return r, false
		}
		id := strings.Split(path, "/")[3]
		r.Path = strings.Replace(path, id, pick(random, []string{"x", id[:35], id + "0", "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f", "%00"}), 1)
		return r, true
	case 1: // not the media type
		if r.Header["Content-Type"] == "" && r.JSON == nil {
			return r, false
		}
		return withHeader(r, "Content-Type", pick(random, []string{"text/plain", "application/xml", "nonsense/", "application/json; charset=latin1"})), true
	case 2: // no token
		return withHeader(r, "Authorization", "Bearer "+pick(random, []string{"x", "a.b.c", "..", strings.Repeat("a", 3000)})), true
	case 3: // not JSON
		body := bodyOf(r)
		if len(body) < 2 {
			return r, false
		}
		r.Body = slices.Clone(body[:1+random.IntN(len(body)-1)])
		if json.Valid(r.Body) {
			return r, false
		}
		return keepType(r), true
	case 4: // something after it
		body := bodyOf(r)
		if len(body) == 0 {
			return r, false
		}
		r.Body = append(slices.Clone(body), pick(random, []string{"x", "{}", "]", "\x00", "\xff", "null"})...)
		return keepType(r), true
	}
	if strings.HasPrefix(path, "/api/events") {
		return breakEvent(random, r)
	}
	return breakBody(random, r)
}

// breakEvent removes an attribute or makes it invalid.
func breakEvent(random *rand.Rand, r client.Request) (client.Request, bool) {
	name := pick(random, []string{"specversion", "id", "source", "type", "subject", "time"})
	if e, structured := r.JSON.(client.Event); structured {
		var members map[string]any
		raw, _ := json.Marshal(e)
		_ = json.Unmarshal(raw, &members)
		if name == "subject" {
			if members["type"] == "task.create" {
				return r, false
			}
			members[name] = pick(random, []any{"", "x", 7, nil, []int{1}})
		} else if name == "time" {
			members[name] = pick(random, []any{"x", 7, "2026-12-01", []int{1}})
		} else if random.IntN(2) == 0 {
			delete(members, name)
		} else {
			members[name] = pick(random, []any{"", 7, []int{1}, client.Fields{}})
		}
		r.JSON = members
		return r, true
	}
	header := "ce-" + name
	if name == "time" {
		return withHeader(r, header, pick(random, []string{"x", "7", "2026-12-01"})), true
	}
	if name == "subject" && r.Header["ce-type"] == "task.create" {
		return r, false
	}
	if name == "type" {
		return withHeader(r, header, pick(random, []string{"x", "task.created", "TASK.CREATE", "task"})), true
	}
	return withHeader(r, header, ""), true // removed
}

// breakBody gives a member of the body, or of an operation in it, an invalid value.
func breakBody(random *rand.Rand, r client.Request) (client.Request, bool) {
	var body map[string]any
	if json.Unmarshal(bodyOf(r), &body) != nil {
		return r, false
	}
	target := body
	switch {
	case strings.HasSuffix(r.Path, "/complete"):
		body["completed"] = pick(random, []any{nil, "true", 1, []bool{true}})
		r.JSON = body
		return r, true
	case strings.HasSuffix(r.Path, "/preferences"):
		name := pick(random, []string{"timezone", "reminder_lead", "overdue_reminders", "week_start", "colour"})
		body[name] = pick(random, []any{"nonsense", 7, []string{"UTC"}, client.Fields{}})
		r.JSON = body
		return r, true
	case strings.HasSuffix(r.Path, "/batch"):
		operations := body["operations"].([]any)
		if random.IntN(4) == 0 {
			operation := operations[random.IntN(len(operations))].(map[string]any)
			operation[pick(random, []string{"op", "colour"})] = pick(random, []any{"nonsense", 7, []int{}})
			r.JSON = body
			return r, true
		}
		target = operations[random.IntN(len(operations))].(map[string]any)["task"].(map[string]any)
	}
	members := make([]string, 0, len(invalid))
	for name := range invalid {
		members = append(members, name)
	}
	slices.Sort(members) // the order of a map would not be reproducible
	name := pick(random, members)
	target[name] = pick(random, invalid[name])
	r.JSON = body
	return r, true
}

func bodyOf(r client.Request) []byte {
	if r.Body != nil || r.JSON == nil {
		return r.Body
	}
	raw, _ := json.Marshal(r.JSON)
	return raw
}

// keepType keeps the JSON media type for a request with a raw body.
func keepType(r client.Request) client.Request {
	if r.JSON != nil && r.Header["Content-Type"] == "" {
		r = withHeader(r, "Content-Type", "application/json")
	}
	r.JSON = nil
	return r
}

func withHeader(r client.Request, name, value string) client.Request {
	header := map[string]string{}
	for k, v := range r.Header {
		header[k] = v
	}
	header[name] = value
	r.Header = header
	return r
}
