package function

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/token"
)

// scope is the scope that a token needs.
const scope = token.ScopeMCP

// Limits are the rate limits of one user's assistants, counted by all replicas together.
type Limits struct {
	PerMinute int `env:"RATE_LIMIT_PER_MINUTE" envDefault:"300"`
	Burst     int `env:"RATE_LIMIT_BURST" envDefault:"120"`
}

// caller is the origin of a request.
type caller struct {
	user token.Principal
	delegation
}

type callerKey struct{}

// from returns the caller of a request that has passed guard.
func from(ctx context.Context) caller { return ctx.Value(callerKey{}).(caller) }

// guard lets next serve requests of assistants with a valid token, and rejects all others as the MCP specification says
// (basic/transports, basic/authorization).
func (f *Function) guard(next http.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := f.checkOrigin(r); err != nil {
			return err
		}
		raw, err := token.FromRequest(r)
		if err != nil {
			f.challenge(w, "")
			return err
		}
		who, err := f.tokens.Verify(r.Context(), raw)
		if fault.Is(err, fault.Unauthenticated) {
			f.challenge(w, "invalid_token")
		}
		if err != nil {
			return err
		}
		memory.Identify(r.Context(), who.UserID.String())
		if err := who.Require(scope); err != nil {
			f.challenge(w, "insufficient_scope")
			return err
		}
		if err := onlyPOST(w, r); err != nil {
			return err
		}
		limit := ratelimit.Limit{Burst: f.config.Limits.Burst, Every: time.Minute / time.Duration(f.config.Limits.PerMinute)}
		if wait := f.limiter.Take(r.Context(), who.UserID.String(), limit); wait > 0 {
			return &fault.Error{Code: fault.RateLimited, Detail: "too many calls from your assistants", RetryAfter: wait}
		}
		if err := httpapi.CheckMediaType(r, "application/json"); err != nil {
			return err
		}
		body, err := httpapi.ReadBody(w, r, httpapi.MaxCallBody)
		if err != nil {
			return err
		}
		if err := httpapi.DecodeJSON(body, new(json.RawMessage)); err != nil { // the SDK has no limits
			refuse(w, json.RawMessage("null"), jsonrpc.CodeParseError, fault.From(err).Detail)
			return nil
		}
		if isBatch(body) {
			refuse(w, json.RawMessage("null"), jsonrpc.CodeInvalidRequest, "batches are not supported: send each message in its own HTTP request")
			return nil
		}
		id := requestID(body)
		if !exact(body) {
			refuse(w, id, jsonrpc.CodeInvalidRequest, "the id must be a string, or an integer of at most 2^53 - 1")
			return nil
		}
		delegated, err := f.exchanger.exchange(r.Context(), raw, assistant(r, body))
		if fault.Is(err, fault.Unauthenticated) {
			f.challenge(w, "invalid_token")
		}
		if err != nil {
			return err
		}
		r = r.WithContext(context.WithValue(r.Context(), callerKey{}, caller{user: who, delegation: delegated}))
		r.Body = io.NopCloser(bytes.NewReader(body))
		if r.Header.Get("Accept") == "" { // then all types are acceptable (RFC 9110, 12.5.1), which the SDK does not know
			r.Header.Set("Accept", "application/json, text/event-stream")
		}
		answer := &plainToRPC{ResponseWriter: w, id: id}
		next.ServeHTTP(answer, r)
		return answer.end()
	}
}

// checkOrigin rejects requests that a page of another origin makes a browser send. Assistants send no Origin.
func (f *Function) checkOrigin(r *http.Request) error {
	for _, origin := range r.Header.Values("Origin") {
		if origin != f.origin {
			return fault.New(fault.Forbidden, "requests from pages of another origin are not allowed")
		}
	}
	return nil
}

// challenge says which credentials are required.
func (f *Function) challenge(w http.ResponseWriter, problem string) {
	w.Header().Set("WWW-Authenticate", token.MCPChallenge(f.origin, problem))
}

// maxAssistant is how many bytes of a client's name are sent to the auth function, which uses no more and refuses a long form.
const maxAssistant = 160

// assistant is the beginning of the client's name for itself: since 2026-07-28 each request includes it. Before, only the first one did,
// which a stateless server does not remember; most clients also send it in User-Agent.
func assistant(r *http.Request, body []byte) string {
	var request struct {
		Params struct {
			ClientInfo struct{ Name string }
			Meta       map[string]json.RawMessage `json:"_meta"`
		}
	}
	_ = json.Unmarshal(body, &request) // another value has no name
	var info struct{ Name string }
	_ = json.Unmarshal(request.Params.Meta["io.modelcontextprotocol/clientInfo"], &info)
	for _, name := range []string{info.Name, request.Params.ClientInfo.Name} {
		if name != "" {
			return name[:min(len(name), maxAssistant)]
		}
	}
	product, _, _ := strings.Cut(r.UserAgent(), "/")
	return product[:min(len(product), maxAssistant)]
}

// refuse responds to what is not JSON-RPC; its id is null if it has none.
func refuse(w http.ResponseWriter, id json.RawMessage, code int, message string) {
	httpapi.WriteJSON(w, http.StatusBadRequest, map[string]any{
		"jsonrpc": "2.0", "id": id, "error": map[string]any{"code": code, "message": message},
	})
}

// plainToRPC turns the plain text of the SDK's rejections into JSON-RPC errors, which clients can read.
type plainToRPC struct {
	http.ResponseWriter
	id      json.RawMessage // null when the request has none
	refused bool
	status  int // of a rejection, held back until its text is known
	text    strings.Builder
}

// unknownMethod is the prefix of the SDK's text for an unknown method.
const unknownMethod = "JSON RPC not handled: "

// isBatch reports whether body is a JSON-RPC batch. MCP has had none since revision 2025-06-18, but the SDK accepts one of any
// length from a client that names no revision, and runs all its calls at once: past the rate limit, and in the memory of one request.
func isBatch(body []byte) bool { return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) }

// requestID returns the id of the request in body: clients cannot match a response without it (JSON-RPC 2.0, 5).
func requestID(body []byte) json.RawMessage {
	var request struct {
		ID json.RawMessage `json:"id"`
	}
	_ = json.Unmarshal(body, &request) // what is no request has no id
	var id any
	_ = json.Unmarshal(request.ID, &id)
	switch id.(type) {
	case string, float64:
		return request.ID
	}
	return json.RawMessage("null")
}

// maxID is the greatest integer that a float64, as which the SDK reads an id, tells from its neighbours.
const maxID = 1<<53 - 1

// exact reports whether the SDK responds to the request in body with the same id: it would make another one of 1.5, with which no
// client can match the response.
func exact(body []byte) bool {
	var request struct{ ID any }
	_ = json.Unmarshal(body, &request) // the SDK refuses what is no request
	id, isNumber := request.ID.(float64)
	return !isNumber || id == math.Trunc(id) && math.Abs(id) <= maxID
}

func (p *plainToRPC) WriteHeader(status int) {
	if status >= 400 && strings.HasPrefix(p.Header().Get("Content-Type"), "text/plain") {
		p.refused = true
		p.Header().Set("Content-Type", "application/json")
	}
	p.Header().Set("Cache-Control", "no-store")
	if p.refused {
		p.status = status
		return
	}
	p.ResponseWriter.WriteHeader(status)
}

func (p *plainToRPC) Write(b []byte) (int, error) {
	if p.refused {
		return p.text.Write(b)
	}
	return p.ResponseWriter.Write(b)
}

// end sends the rejection, if there is one.
func (p *plainToRPC) end() error {
	if !p.refused {
		return nil
	}
	code, message := jsonrpc.CodeInvalidRequest, strings.TrimSpace(p.text.String())
	if method, unknown := strings.CutPrefix(message, unknownMethod); unknown && string(p.id) != "null" {
		// The request is valid and gets a response, as for a method that the SDK knows and this server does not
		// support.
		p.status, code, message = http.StatusOK, jsonrpc.CodeMethodNotFound, "method not found: "+strings.TrimSuffix(method, " unsupported")
	}
	if message == "" {
		message = http.StatusText(p.status)
	}
	answer, err := json.Marshal(map[string]any{
		"jsonrpc": "2.0", "id": p.id, "error": map[string]any{"code": code, "message": message},
	})
	if err != nil {
		return err
	}
	p.ResponseWriter.WriteHeader(p.status)
	_, _ = p.ResponseWriter.Write(answer) // a disconnected client needs none
	return nil
}

// Unwrap lets http.ResponseController reach the connection.
func (p *plainToRPC) Unwrap() http.ResponseWriter { return p.ResponseWriter }
