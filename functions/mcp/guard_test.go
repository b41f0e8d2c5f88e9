package function

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/token/tokentest"
)

// TestPlainToRPC: whatever the SDK rejects in plain text, in however many pieces, is one JSON-RPC error with the
// request's id.
func TestPlainToRPC(t *testing.T) {
	t.Parallel()
	refuse := func(status int, pieces ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(status)
			for _, piece := range pieces {
				fmt.Fprint(w, piece)
			}
		}
	}
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		request string
		status  int
		want    string
	}{
		"a refusal": {refuse(400, "no such session\n"), `{"id":7}`, 400, `{"error":{"code":-32600,"message":"no such session"},"id":7,"jsonrpc":"2.0"}`},
		"in pieces": {refuse(400, "no such ", "session"), `{"id":"a"}`, 400, `{"error":{"code":-32600,"message":"no such session"},"id":"a","jsonrpc":"2.0"}`},
		"no text":   {refuse(406), `{}`, 406, `{"error":{"code":-32600,"message":"Not Acceptable"},"id":null,"jsonrpc":"2.0"}`},
		"an unknown method": {
			refuse(400, `JSON RPC not handled: "tasks/shout" unsupported`), `{"id":7}`, 200,
			`{"error":{"code":-32601,"message":"method not found: \"tasks/shout\""},"id":7,"jsonrpc":"2.0"}`,
		},
		"an answer": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"result":{}}`)
		}, `{"id":7}`, 200, `{"result":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			answer := &plainToRPC{ResponseWriter: w, id: requestID([]byte(c.request))}
			c.handler(answer, nil)
			if err := answer.end(); err != nil {
				t.Fatal(err)
			}
			if w.Code != c.status || w.Body.String() != c.want || w.Header().Get("Content-Type") != "application/json" || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
		})
	}
}

func TestExact_IDsThatTheSDKReturnsAsTheyCame(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]bool{
		`7`: true, `-7`: true, `0`: true, `"7.5"`: true, `null`: true, `9007199254740991`: true, `-9007199254740991`: true, `1e3`: true,
		`1.5`: false, `9007199254740993`: false, `99999999999999999999`: false, `-1e300`: false,
	} {
		if body := `{"id":` + id + `}`; exact([]byte(body)) != want {
			t.Errorf("%s: not %t", body, want)
		}
	}
}

// TestGuard: one HTTP request counts once against the rate limit, and has the memory of one call.
func TestGuard_RefusesBatchesAndCutsNames(t *testing.T) {
	t.Parallel()
	issuer, user := tokentest.New(t), uuid.New()
	tokens, err := token.NewVerifier(t.Context(), issuer.Rules)
	if err != nil {
		t.Fatal(err)
	}
	eventually.True(t, "the keys are there", func() bool { return tokens.Ready(t.Context()) == nil })
	var actor string
	auth := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor = r.PostFormValue("actor")
		fmt.Fprint(w, `{"access_token":"delegated","scope":"tasks:read"}`)
	}))
	t.Cleanup(auth.Close)
	f := &Function{tokens: tokens, limiter: ratelimit.NewLocal(), exchanger: &exchanger{url: auth.URL, http: auth.Client()}}
	f.config.Limits = Limits{PerMinute: 300, Burst: 120}
	passed := 0
	guarded := f.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed++ }))
	send := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(body))
		r.Header.Set("Authorization", issuer.Bearer(t, user, token.ScopeMCP))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		if err := guarded(w, r); err != nil {
			t.Fatal(err)
		}
		return w
	}
	call := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_tasks"}}`
	for _, body := range []string{`[]`, `[` + call + `]`, "\r\n\t [" + call + strings.Repeat(","+call, 2999) + `]`} {
		w := send(body)
		if w.Code != 400 || !strings.Contains(w.Body.String(), `"code":-32600`) || !strings.Contains(w.Body.String(), `"id":null`) {
			t.Errorf("%.40s: %d %s", body, w.Code, w.Body)
		}
	}
	if passed != 0 {
		t.Errorf("%d batches went on", passed)
	}
	if send(call); passed != 1 {
		t.Error("a single call did not go on")
	}
	// The auth function refuses long forms, which would be an outage that no other try ends.
	name := strings.Repeat("a", 70_000)
	send(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"clientInfo":{"name":"` + name + `"}}}`)
	if actor != name[:maxAssistant] {
		t.Errorf("the auth function got a name of %d bytes", len(actor))
	}
}
