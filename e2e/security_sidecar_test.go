package e2e

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/e2e/check"
)

// TestSidecars_AnswerTheirOwnFunctionOnly: on a laptop every process can reach every sidecar. None may use another
// function's sidecar to publish, read state, invoke, or call internal routes.
func TestSidecars_AnswerTheirOwnFunctionOnly(t *testing.T) {
	t.Parallel()
	if onCluster {
		t.Skip("in a cluster a sidecar's API listens inside its pod only, where this test cannot connect")
	}
	values := check.Must(laptop())(t)
	tokens := map[string]string{}
	for name, f := range values.Functions {
		if f.Dapr.HTTPPort == 0 {
			continue
		}
		if f.APIToken == "" || tokens[f.APIToken] != "" {
			t.Errorf("%s has the token of %q", name, tokens[f.APIToken])
		}
		tokens[f.APIToken] = name
	}
	if len(tokens) < 8 {
		t.Fatalf("sidecars of %v only", tokens)
	}
	topic := "not-there-" + strings.ToLower(rand.Text())
	for token, name := range tokens {
		other := ""
		for token, owner := range tokens {
			if owner != name {
				other = token
			}
		}
		f := values.Functions[name]
		for _, request := range []struct{ method, path, body string }{
			{http.MethodPost, "/v1.0/publish/pubsub/" + topic, `{}`},
			{http.MethodPost, "/v1.0/invoke/notifications/method/api/notifications/read-all", ``},
			{http.MethodPost, "/v1.0/invoke/" + name + "/method/internal/events/reminders", `{}`},
			{http.MethodGet, "/v1.0/state/statestore/x", ``},
			{http.MethodGet, "/v1.0/metadata", ``},
		} {
			send := func(token string) int {
				url := fmt.Sprintf("http://127.0.0.1:%d%s", f.Dapr.HTTPPort, request.path)
				r := check.Must(http.NewRequestWithContext(t.Context(), request.method, url, strings.NewReader(request.body)))(t)
				r.Header.Set("Content-Type", "application/json")
				if token != "" {
					r.Header.Set("dapr-api-token", token)
				}
				answer := check.Must(http.DefaultClient.Do(r))(t)
				check.NoError(t, answer.Body.Close())
				return answer.StatusCode
			}
			for with, token := range map[string]string{"no token": "", "a wrong token": "x", "another's token": other, "the app token": f.AppToken} {
				if status := send(token); status != http.StatusUnauthorized {
					t.Errorf("%s: %s %s with %s: %d", name, request.method, request.path, with, status)
				}
			}
			if request.path == "/v1.0/metadata" && send(token) != http.StatusOK {
				t.Errorf("%s rejects its own token", name)
			}
		}
		publish := message(text(1, "pubsub"), text(2, topic), text(3, "{}"))
		const method = "/dapr.proto.runtime.v1.Dapr/PublishEvent"
		if status := callGRPC(t, f.Dapr.GRPCPort, method, publish, ""); status != grpcUnauthenticated {
			t.Errorf("%s: PublishEvent without a token: gRPC status %s", name, status)
		}
		if status := callGRPC(t, f.Dapr.GRPCPort, method, publish, token); status == grpcUnauthenticated || status == "" {
			t.Errorf("%s: PublishEvent with the token: gRPC status %q", name, status)
		}
		// The port for other sidecars: every caller is treated as one. Only notifications can be invoked, and requires
		// a user's token.
		get := message(varint(1, 1), text(3, message(text(1, "api/notifications"), text(3, "application/json"), text(4, message(varint(1, 1))))))
		if status := callGRPC(t, f.Dapr.InternalPort, "/dapr.proto.internals.v1.ServiceInvocation/CallLocal", get, ""); (status == grpcOK) != (name == "notifications") {
			t.Errorf("%s: called as another sidecar: gRPC status %s", name, status)
		}
	}
}

// gRPC status codes on the wire.
const (
	grpcOK              = "0"
	grpcUnauthenticated = "16"
)

// callGRPC sends one message and returns the call's status. It is written by hand, because Dapr's client for the port
// between sidecars would pull in all of Dapr.
func callGRPC(t *testing.T, port int, method, request, token string) string {
	t.Helper()
	protocols := &http.Protocols{}
	protocols.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: protocols}
	defer transport.CloseIdleConnections()
	frame := binary.BigEndian.AppendUint32([]byte{0}, uint32(len(request)))
	url := fmt.Sprintf("http://127.0.0.1:%d%s", port, method)
	r := check.Must(http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(append(frame, request...))))(t)
	r.Header.Set("Content-Type", "application/grpc")
	r.Header.Set("TE", "trailers")
	if token != "" {
		r.Header.Set("dapr-api-token", token)
	}
	answer := check.Must(transport.RoundTrip(r))(t)
	defer answer.Body.Close()
	check.Must(io.Copy(io.Discard, answer.Body))(t)
	if status := answer.Header.Get("Grpc-Status"); status != "" {
		return status
	}
	return answer.Trailer.Get("Grpc-Status")
}

// The wire format of protocol buffers, as far as small messages need it.
func varint(field, value byte) string { return string([]byte{field << 3, value}) }

func text(field byte, value string) string {
	return string([]byte{field<<3 | 2, byte(len(value))}) + value
}
func message(fields ...string) (whole string) { return strings.Join(fields, "") }
