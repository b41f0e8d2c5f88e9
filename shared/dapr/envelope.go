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

// envelopeHeader of a request says that the caller unwraps such a response, as Transport does.
const envelopeHeader = "Taskwire-Envelope"

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

// Transport sends requests to InvocationURL, and restores the status of each response from its envelope. So what measures its
// responses must be around it.
type Transport struct {
	Sidecar Config
	Next    http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(envelopeHeader, "1")
	t.Sidecar.Authorize(r.Header)
	res, err := t.Next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if err := unwrapStatus(res); err != nil {
		_ = res.Body.Close()
		return nil, err
	}
	return res, nil
}

// unwrapStatus restores the status of a response from its envelope, which stays for TakeEnvelope.
func unwrapStatus(res *http.Response) error {
	carried := res.Header.Get(statusHeader)
	if carried == "" {
		return nil
	}
	status, err := strconv.Atoi(carried)
	if err != nil || status < http.StatusBadRequest || status > 599 {
		return fmt.Errorf("%s is %q", statusHeader, carried)
	}
	res.StatusCode, res.Status = status, fmt.Sprintf("%d %s", status, http.StatusText(status))
	return nil
}

// TakeEnvelope removes the envelope from a response of Transport, and reports whether it had one. An error without one is not the
// function's but its sidecar's.
func TakeEnvelope(res *http.Response) bool {
	had := res.Header.Get(statusHeader) != ""
	res.Header.Del(statusHeader)
	return had
}
