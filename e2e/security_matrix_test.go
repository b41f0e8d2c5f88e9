package e2e

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// send sends a request whose response may be a stream, of which nothing is read.
func (r request) send(t *testing.T, c *client.Client) *client.Response {
	t.Helper()
	if !r.operation.Stream {
		return do(t, c, r.Request)
	}
	s, err := c.OpenStream(t.Context(), "", nil)
	var refused *client.StatusError
	switch {
	case err == nil:
		s.Close()
		return &client.Response{Status: http.StatusOK, Header: s.Header}
	case errors.As(err, &refused):
		return refused.Response
	}
	t.Fatalf("%v: %v", r, err)
	return nil
}

// isGood reports whether a response is what the owner should get.
func (r request) isGood(answer *client.Response) bool {
	if r.good != 0 {
		return answer.Status == r.good
	}
	return answer.Status/100 == 2
}

// TestMatrix_BadCredentials tries every operation of the document with every invalid token. An operation that requires
// no token answers as if none had been sent.
func TestMatrix_BadCredentials(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	at := u.target(t, check.Must(u.CreateToken(t.Context(), "guarded", scopeRead))(t), u.notified(t))
	// Every rejection is read below. Checking one of each operation against the document is enough; public operations reject nothing.
	plain := client.New(frontDoor, transport).Patient()
	bad := badTokens(t, u)
	bad["none"] = ""
	// The same helper creates valid tokens, so those above are rejected for the named reason.
	own := newMint(t, u).sign(jwt.SigningMethodEdDSA, check.Must(signingKey())(t), nil)
	expectStatus(t, do(t, u.As(own), client.Request{Method: http.MethodGet, Path: "/api/auth/me"}), http.StatusOK)

	seq, tasks := u.state(t)
	tokens := u.tokens(t)
	all := requests(t, at)
	var tried atomic.Int64
	t.Run("each", func(t *testing.T) {
		for _, r := range all {
			t.Run(r.String(), func(t *testing.T) {
				t.Parallel()
				want := http.StatusUnauthorized
				if r.operation.Public {
					want = r.send(t, u.As("")).Status
				}
				for name, token := range bad {
					sender := plain
					if token == "" || r.operation.Public {
						sender = u.Client
					}
					answer := r.send(t, sender.As(token))
					tried.Add(1)
					if name == "revoked" && r.admin() && answer.Status == http.StatusForbidden {
						expectProblem(t, answer, http.StatusForbidden)
						continue // a user who lacks the permission anyway may be told so
					}
					if answer.Status != want {
						t.Errorf("%s: %d, not %d: %.200s", name, answer.Status, want, answer.Body)
					} else if !r.operation.Public {
						expectProblem(t, answer, want)
					}
				}
			})
		}
	})
	if s, n := u.state(t); s != seq || n != tasks || u.tokens(t) != tokens {
		t.Errorf("a client without a valid token changed something: seq %d, %d tasks", s, n)
	}
	t.Logf("matrix: %d combinations of %d requests and %d bad credentials", tried.Load(), len(all), len(bad))
}

// TestMatrix_Scopes tries every operation with a token of each scope: the required ones are accepted, all others are
// not.
func TestMatrix_Scopes(t *testing.T) {
	t.Parallel()
	var tried atomic.Int64
	t.Run("each", func(t *testing.T) {
		for _, scope := range []string{scopeRead, scopeWrite, scopeMCP} {
			t.Run(scope, func(t *testing.T) {
				t.Parallel()
				u := newUser(t) // what one of them deletes, the others may need
				told, token := u.notified(t), check.Must(u.CreateToken(t.Context(), "guarded", scopeRead))(t)
				pat := u.As(check.Must(u.CreateToken(t.Context(), scope, scope))(t).Secret)
				// Some requests end the sessions.
				u.Client = u.As(check.Must(u.CreateToken(t.Context(), "all", scopeRead, scopeWrite, scopeMCP))(t).Secret)
				for i, o := range requests(t, nothing) {
					if o.operation.Public {
						continue
					}
					// A new task for each, because some requests delete it.
					r := requests(t, u.target(t, token, told))[i]
					answer := r.send(t, pat)
					tried.Add(1)
					switch {
					case !r.operation.Bearer:
						expectProblem(t, answer, http.StatusUnauthorized)
					case r.allows(scope) && !r.isGood(answer):
						t.Errorf("%v with %s: %d %s", r, scope, answer.Status, answer.Body)
					case !r.allows(scope) && answer.Status != http.StatusForbidden:
						t.Errorf("%v with %s: %d, want 403: %s", r, scope, answer.Status, answer.Body)
					}
				}
			})
		}
	})
	t.Logf("matrix: %d combinations with a narrower scope", tried.Load())
}

// TestMatrix_AnotherUser: another user's data gets the same response as missing data, word for word.
func TestMatrix_AnotherUser(t *testing.T) {
	t.Parallel()
	owner, stranger := newUser(t), newUser(t)
	at := owner.target(t, check.Must(owner.CreateToken(t.Context(), "guarded", scopeRead))(t), owner.notified(t))
	task := check.Must(owner.Task(t.Context(), at.task))(t)
	seq, tasks := owner.state(t)
	tokens := owner.tokens(t)
	watching := open(t, stranger)

	tried := 0
	nowhere := requests(t, nothing)
	for _, r := range requests(t, at) {
		if r.operation.Stream || !r.operation.Bearer {
			continue
		}
		sender := stranger.Client
		if r.operation.ID == "logout" { // which ends the session of the token
			sender = stranger.as(stranger.login(t))
		}
		answer := r.send(t, sender)
		tried++
		if body := strings.ToLower(string(answer.Body)); strings.Contains(body, "top secret") || strings.Contains(body, "classified") || strings.Contains(body, "hush") {
			t.Errorf("%v reveals data to a stranger: %s", r, answer.Body)
		}
		if r.foreign == 0 {
			continue
		}
		if answer.Status != r.foreign {
			t.Errorf("%v: %d, not %d: %s", r, answer.Status, r.foreign, answer.Body)
			continue
		}
		// The response is the same as for an id that never existed: no one can probe for ids.
		hide := strings.NewReplacer(at.task, absentID, at.event, absentID, at.token, absentID, at.notification, absentID, at.session, absentID, at.project, absentID, at.section, absentID, at.tag, absentID, at.comment, absentID)
		found := false
		for _, n := range nowhere {
			if n.operation.ID == r.operation.ID && n.Path == hide.Replace(r.Path) && hide.Replace(compact(r.JSON)) == compact(n.JSON) && n.Header["ce-type"] == r.Header["ce-type"] {
				other := n.send(t, stranger.Client)
				found = true
				if hidden := hide.Replace(string(answer.Body)); hidden != string(other.Body) {
					t.Errorf("%v reveals that it exists:\n%s\n%s", r, hidden, other.Body)
				}
			}
		}
		if !found {
			t.Errorf("%v: no request for missing data", r)
		}
	}
	same(t, "the task", check.Must(owner.Task(t.Context(), at.task))(t), task)
	if s, n := owner.state(t); s != seq || n != tasks || owner.tokens(t) != tokens {
		t.Errorf("a stranger changed something: seq %d, want %d; %d tasks, want %d", s, seq, n, tasks)
	}
	t.Logf("matrix: %d combinations with another user's ids", tried)

	// The stranger's lists, stream and log contain only the stranger's data.
	for _, query := range []string{"", "?q=secret", "?project=Classified", "?tag=hush", "?parent_id=" + at.task} {
		answer := do(t, stranger.Client, client.Request{Method: http.MethodGet, Path: "/api/todos" + query})
		if strings.Contains(string(answer.Body), at.task+`","title"`) || strings.Contains(string(answer.Body), "Top secret") {
			t.Errorf("a stranger's list %q contains it", query)
		}
	}
	mine, _ := stranger.state(t)
	for range mine {
		frame := check.Must(watching.NextEvent(check.Within(t, timeout)))(t)
		checkFrame(t, frame)
		var of struct {
			UserID string `json:"user_id"`
		}
		if err := json.Unmarshal(frame.Data, &of); err != nil || of.UserID != stranger.ID {
			t.Fatalf("a stranger sees %s %s: %v", frame.Event, frame.Data, err)
		}
	}
	for _, e := range check.Must(stranger.History(t.Context(), 0))(t) {
		if e.UserID != stranger.ID || e.TaskID == at.task {
			t.Fatalf("a stranger's history has %+v", e)
		}
	}
}

// TestMatrix_Administrators tries the operations for administrators: as one, with each scope; as another user; and as a
// former administrator whose tokens still have the role.
func TestMatrix_Administrators(t *testing.T) {
	t.Parallel()
	admin, demoted, person := newAdmin(t), newAdmin(t), newUser(t)
	pat := func(u *user, scopes ...string) *client.Client {
		return u.As(check.Must(u.Client.CreateToken(t.Context(), u.Password, "matrix", scopes...))(t).Secret)
	}
	const session = "the session of one demoted"
	former := map[string]*client.Client{
		session: demoted.Client, "a token of one demoted": pat(demoted, scopeRead, scopeWrite, scopeMCP),
	}
	check.NoError(t, operate(t.Context(), "user", "role", demoted.Email, "user"))
	tried := 0
	for _, r := range requests(t, nothing) {
		if !r.admin() {
			continue
		}
		if answer := r.send(t, admin.Client); !r.isGood(answer) {
			t.Errorf("%v as an administrator: %d %s", r, answer.Status, answer.Body)
		}
		former["anybody"] = person.Client
		for name, c := range former {
			tried++
			answer := r.send(t, c)
			// The command ends the sessions, which the gateway learns within seconds.
			ended := name == session && answer.Status == http.StatusUnauthorized
			if answer.Status != http.StatusForbidden && !ended {
				t.Errorf("%v, %s: %d, not 403: %s", r, name, answer.Status, answer.Body)
			}
		}
		for _, scope := range []string{scopeRead, scopeWrite, scopeMCP} {
			tried++
			answer := r.send(t, pat(admin, scope))
			if needs := r.operation.Needs[0] == scope; needs && !r.isGood(answer) || !needs && answer.Status != http.StatusForbidden {
				t.Errorf("%v as an administrator with %s: %d %s", r, scope, answer.Status, answer.Body)
			}
		}
	}
	if tried == 0 {
		t.Fatal("the document has no operation for administrators")
	}
	t.Logf("matrix: %d combinations of operations for administrators", tried)
}
