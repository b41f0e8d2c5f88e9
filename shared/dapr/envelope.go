package dapr

import (
	"fmt"
	"net/http"
	"strconv"
)

// statusHeader carries a status through sidecars: the status envelope. Dapr's retries and circuit breaker treat 4xx as a failure:
// three users with an expired token would block the function for all users. So every response of a function travels as a success,
// and only a missing response (connection refused, timeout, crash) is a failure.
const statusHeader = "Taskwire-Status"

// envelopeHeader of a request says that the caller unwraps such a response.
const envelopeHeader = "Taskwire-Envelope"

// RequestEnvelope asks for the status envelope in the header of a request; the caller must use UnwrapStatus on the response.
func RequestEnvelope(r http.Header) { r.Set(envelopeHeader, "1") }

// InvocationURL is the address at which the function's sidecar takes requests for another function, by its app id or by the name
// of an HTTPEndpoint.
func InvocationURL(c Config, function string) string {
	return "http://127.0.0.1:" + c.HTTPPort + "/v1.0/invoke/" + function + "/method"
}

// WrapStatus returns h with the status envelope for callers that request it.
func WrapStatus(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(envelopeHeader) != "" {
			w = &enveloped{ResponseWriter: w}
		}
		h.ServeHTTP(w, r)
	})
}

type enveloped struct{ http.ResponseWriter }

func (s *enveloped) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		s.Header().Set(statusHeader, strconv.Itoa(status))
		status = http.StatusOK
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap implements the interface of http.ResponseController.
func (s *enveloped) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// UnwrapStatus restores the status of a response from its envelope.
func UnwrapStatus(res *http.Response) error {
	carried := res.Header.Get(statusHeader)
	if carried == "" {
		return nil
	}
	status, err := strconv.Atoi(carried)
	if err != nil || status < http.StatusBadRequest || status > 599 {
		return fmt.Errorf("%s is %q", statusHeader, carried)
	}
	res.Header.Del(statusHeader)
	res.StatusCode, res.Status = status, fmt.Sprintf("%d %s", status, http.StatusText(status))
	return nil
}
