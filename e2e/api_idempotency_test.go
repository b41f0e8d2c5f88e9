package e2e

import (
	"crypto/rand"
	"net/http"
	"strings"
	"sync"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

func keyed(r client.Request, key string) client.Request {
	header := map[string]string{"Idempotency-Key": key}
	for name, value := range r.Header {
		header[name] = value
	}
	r.Header = header
	return r
}

// sameAnswer fails the test unless two responses are byte for byte the same in everything that the contract covers.
func sameAnswer(t *testing.T, first, again *client.Response) {
	t.Helper()
	if first.Status != again.Status || string(first.Body) != string(again.Body) {
		t.Fatalf("another answer:\n%d %s\n%d %s", first.Status, first.Body, again.Status, again.Body)
	}
	for _, name := range []string{"Content-Type", "ETag", "Location", "Cache-Control"} {
		if first.Header.Get(name) != again.Header.Get(name) {
			t.Fatalf("%s: %q, then %q", name, first.Header.Get(name), again.Header.Get(name))
		}
	}
}

// TestIdempotencyKey_JSONIsComparedByMeaning: a client that encodes its request again may not get the same bytes.
func TestIdempotencyKey_JSONIsComparedByMeaning(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	task := u.create(t, client.Fields{"title": "Patched"})
	send := func(method, path, key, body string) *client.Response {
		header := map[string]string{"Content-Type": "application/json", "Idempotency-Key": key}
		if path == "/api/events" {
			header = map[string]string{
				"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": key, "ce-source": "/e2e/" + u.ID, "ce-type": "task.create",
			}
		}
		return do(t, u.Client, client.Request{Method: method, Path: path, Body: []byte(body), Header: header})
	}
	for path, method := range map[string]string{"/api/todos": "POST", "/api/events": "POST", "/api/todos/" + task.ID: "PATCH"} {
		key := rand.Text()
		first := send(method, path, key, `{"title":"Café","tags":["a","b"],"priority":"low"}`)
		if first.Status/100 != 2 {
			t.Fatalf("%s: %d %s", path, first.Status, first.Body)
		}
		seq, _ := u.state(t)
		for _, again := range []string{
			"{\"priority\": \"low\",\r\n\t\"tags\": [\"a\", \"b\"],\r\n\t\"title\": \"Caf\u00e9\"}\n",
			`{"t\u0069tle":"Caf\u00e9","tags":["\u0061","b"],"priority":"low"}`,
		} {
			sameAnswer(t, first, send(method, path, key, again))
		}
		for _, other := range []string{
			`{"title":"Café","tags":["b","a"],"priority":"low"}`, `{"title":"Café","tags":["a","b"],"priority":"low","project":null}`,
			`{"title":"Cafe\u0301","tags":["a","b"],"priority":"low"}`,
		} {
			if r := send(method, path, key, other); r.Status != 422 {
				t.Errorf("%s %s: %d", path, other, r.Status)
			}
		}
		if after, _ := u.state(t); after != seq {
			t.Errorf("%s: something was done twice", path)
		}
	}
}

// TestIdempotencyKey_EveryChange repeats each change with its key: the response is the same, and the change is made
// once. Another request with the same key is 422.
func TestIdempotencyKey_EveryChange(t *testing.T) {
	t.Parallel()
	for name, requests := range map[string]func(t *testing.T, u *user) (first, other client.Request){
		"create": func(*testing.T, *user) (client.Request, client.Request) {
			r := client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Once"}}
			other := r
			other.JSON = client.Fields{"title": "Twice"}
			return r, other
		},
		"batch": func(*testing.T, *user) (client.Request, client.Request) {
			one := client.Fields{"op": "create", "task": client.Fields{"title": "One"}}
			return batch(one, one), batch(one)
		},
		"put": func(t *testing.T, u *user) (client.Request, client.Request) {
			path := "/api/todos/" + u.create(t, client.Fields{"title": "Before"}).ID
			return client.Request{Method: "PUT", Path: path, JSON: client.Fields{"title": "After"}},
				client.Request{Method: "PUT", Path: path, JSON: client.Fields{"title": "Other"}}
		},
		"patch": func(t *testing.T, u *user) (client.Request, client.Request) {
			path := "/api/todos/" + u.create(t, client.Fields{"title": "Before"}).ID
			first := client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"title": "After"}, Header: map[string]string{"If-Match": `"1"`}}
			return first, client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"title": "Other"}}
		},
		"complete": func(t *testing.T, u *user) (client.Request, client.Request) {
			path := "/api/todos/" + u.create(t, client.Fields{"title": "Done"}).ID + "/complete"
			return client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"completed": true}},
				client.Request{Method: "PATCH", Path: path, JSON: client.Fields{"completed": false}}
		},
		"delete": func(t *testing.T, u *user) (client.Request, client.Request) {
			a, b := u.create(t, client.Fields{"title": "A"}), u.create(t, client.Fields{"title": "B"})
			return client.Request{Method: "DELETE", Path: "/api/todos/" + a.ID}, client.Request{Method: "DELETE", Path: "/api/todos/" + b.ID}
		},
		"delete, in another scope": func(t *testing.T, u *user) (client.Request, client.Request) {
			path := "/api/todos/" + u.weekly(t, "FREQ=WEEKLY").ID
			return client.Request{Method: "DELETE", Path: path, Query: scoped("series")}, client.Request{Method: "DELETE", Path: path, Query: scoped("this")}
		},
		"restore": func(t *testing.T, u *user) (client.Request, client.Request) {
			a, b := u.create(t, client.Fields{"title": "A"}), u.create(t, client.Fields{"title": "B"})
			check.NoError(t, u.DeleteTask(t.Context(), a.ID))
			check.NoError(t, u.DeleteTask(t.Context(), b.ID))
			return client.Request{Method: "POST", Path: "/api/todos/" + a.ID + "/restore"},
				client.Request{Method: "POST", Path: "/api/todos/" + b.ID + "/restore"}
		},
		"quick": func(*testing.T, *user) (client.Request, client.Request) {
			return client.Request{Method: "POST", Path: "/api/todos/quick", JSON: client.Fields{"text": "Once"}},
				client.Request{Method: "POST", Path: "/api/todos/quick", JSON: client.Fields{"text": "Twice"}}
		},
		"skip": func(t *testing.T, u *user) (client.Request, client.Request) {
			a, b := u.weekly(t, "FREQ=WEEKLY"), u.weekly(t, "FREQ=WEEKLY")
			return client.Request{Method: "POST", Path: "/api/todos/" + a.ID + "/skip"}, client.Request{Method: "POST", Path: "/api/todos/" + b.ID + "/skip"}
		},
		"comment": func(t *testing.T, u *user) (client.Request, client.Request) {
			path := "/api/todos/" + u.create(t, client.Fields{"title": "Discussed"}).ID + "/comments"
			return client.Request{Method: "POST", Path: path, JSON: client.Fields{"text": "Once"}},
				client.Request{Method: "POST", Path: path, JSON: client.Fields{"text": "Twice"}}
		},
		"project": func(*testing.T, *user) (client.Request, client.Request) {
			return client.Request{Method: "POST", Path: "/api/projects", JSON: client.Fields{"name": "Once"}},
				client.Request{Method: "POST", Path: "/api/projects", JSON: client.Fields{"name": "Twice"}}
		},
		"tag": func(*testing.T, *user) (client.Request, client.Request) {
			return client.Request{Method: "POST", Path: "/api/tags", JSON: client.Fields{"name": "once"}},
				client.Request{Method: "POST", Path: "/api/tags", JSON: client.Fields{"name": "twice"}}
		},
		"tokens": func(_ *testing.T, u *user) (client.Request, client.Request) {
			r := client.Request{Method: "POST", Path: "/api/auth/tokens", JSON: client.Fields{"name": "a", "scopes": []string{"mcp"}, "password": u.Password}}
			other := r
			other.JSON = client.Fields{"name": "b", "scopes": []string{"mcp"}, "password": u.Password}
			return r, other
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u := newUser(t)
			request, other := requests(t, u)
			key := rand.Text()
			first := do(t, u.Client, keyed(request, key))
			if first.Status/100 != 2 {
				t.Fatalf("%d %s", first.Status, first.Body)
			}
			switch name { // what comes later counts as a change
			case "tokens":
				check.NoError(t, u.told(t.Context(), "New access token", 1))
			case "skip":
				u.successor(t, monday.AddDate(0, 0, 7))
			}
			seq, tasks := u.state(t)
			tokens := u.tokens(t)
			sameAnswer(t, first, do(t, u.Client, keyed(request, key)))
			expectProblem(t, do(t, u.Client, keyed(other, key)), 422, "/Idempotency-Key")
			sameAnswer(t, first, do(t, u.Client, keyed(request, key)))
			if s, n := u.state(t); s != seq || n != tasks || u.tokens(t) != tokens {
				t.Fatalf("something was done twice: seq %d and %d, %d and %d tasks", seq, s, tasks, n)
			}
			// Keys are per user.
			stranger := newUser(t)
			r := do(t, stranger.Client, keyed(request, key))
			if r.Status/100 == 2 && string(r.Body) == string(first.Body) {
				t.Fatal("another user got this user's response")
			}
		})
	}
}

func (u *user) tokens(t *testing.T) int {
	t.Helper()
	r := do(t, u.Client, client.Request{Method: "GET", Path: "/api/auth/tokens"})
	var page client.Page[client.Token]
	check.NoError(t, r.Decode("tokens", http.StatusOK, &page))
	return len(page.Items)
}

// TestIdempotencyKey_Register: a client that lost the response to a registration gets a session by repeating it.
func TestIdempotencyKey_Register(t *testing.T) {
	t.Parallel()
	c, key := anybody(t), rand.Text()
	in := client.Credentials{Email: randomEmail(), Password: rand.Text(), Name: "Ada"}
	request := keyed(client.Request{Method: "POST", Path: "/api/auth/register", JSON: in}, key)
	var first, again client.Session
	check.NoError(t, do(t, c, request).Decode("register", http.StatusCreated, &first))
	check.NoError(t, do(t, c, request).Decode("register again", http.StatusCreated, &again))
	if first.User != again.User {
		t.Fatalf("two users: %+v %+v", first.User, again.User)
	}
	expectStatus(t, do(t, c.As(again.AccessToken), client.Request{Method: "GET", Path: "/api/auth/me"}), http.StatusOK)
	// Without the key, or with another password and the same key, the address is taken.
	expectProblem(t, do(t, c, client.Request{Method: "POST", Path: "/api/auth/register", JSON: in}), http.StatusConflict)
	in.Password = rand.Text()
	r := do(t, c, keyed(client.Request{Method: "POST", Path: "/api/auth/register", JSON: in}, key))
	if r.Status != http.StatusConflict && r.Status != http.StatusUnprocessableEntity {
		t.Fatalf("another password under the key: %d %s", r.Status, r.Body)
	}
}

// TestIdempotencyKey_AtOnce: of many concurrent equal requests one is executed, and all get its response.
func TestIdempotencyKey_AtOnce(t *testing.T) {
	t.Parallel()
	u, key := newUser(t), rand.Text()
	answers := make([]*client.Response, 20)
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			request := client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Once"}}
			r, err := u.Do(t.Context(), keyed(request, key))
			if err != nil {
				t.Error(err)
				return
			}
			answers[i] = r
		})
	}
	wg.Wait()
	if t.Failed() {
		return
	}
	expectStatus(t, answers[0], http.StatusCreated)
	for _, r := range answers {
		sameAnswer(t, answers[0], r)
	}
	if seq, tasks := u.state(t); seq != 1 || tasks != 1 {
		t.Fatalf("seq %d, %d tasks", seq, tasks)
	}
}

// TestIdempotencyKey_FailureIsNotRemembered: a corrected request may use the same key.
func TestIdempotencyKey_FailureIsNotRemembered(t *testing.T) {
	t.Parallel()
	u, key := newUser(t), rand.Text()
	request := client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": ""}}
	expectProblem(t, do(t, u.Client, keyed(request, key)), 422, "/title")
	request.JSON = client.Fields{"title": "Corrected"}
	expectStatus(t, do(t, u.Client, keyed(request, key)), http.StatusCreated)
}

func TestIdempotencyKey_Form(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	request := client.Request{Method: "POST", Path: "/api/todos", JSON: client.Fields{"title": "Keyed"}}
	expectStatus(t, do(t, u.Client, keyed(request, strings.Repeat("k", 255))), http.StatusCreated)
	for _, key := range []string{strings.Repeat("k", 256), "schlüssel", "a\tb"} {
		expectProblem(t, do(t, u.Client, keyed(request, key)), http.StatusBadRequest)
	}
	if _, tasks := u.state(t); tasks != 1 {
		t.Fatalf("%d tasks", tasks)
	}
}
