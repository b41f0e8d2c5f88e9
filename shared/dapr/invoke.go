package dapr

import (
	"fmt"
	"net/http"
	"strconv"
)

// statusHeader carries a status past sidecars. For Dapr's retries and circuit breaker an answer of 4xx is a failure like
// any other: three users with an expired token would close the function to everybody. So what a function answers with
// deliberation travels as a success, and only what is no answer (nobody listens, nothing comes, a crash) is a failure.
const statusHeader = "Taskwire-Status"

// sealHeader is how a caller says that it can open such an answer.
const sealHeader = "Taskwire-Seal"

// Ask says, in the header of a request, that the caller opens the answer.
func Ask(r http.Header) { r.Set(sealHeader, "1") }

// InvocationURL is where the own sidecar takes requests for a function, by its app-id or by an HTTPEndpoint's name.
func InvocationURL(c Config, function string) string {
	return "http://127.0.0.1:" + c.HTTPPort + "/v1.0/invoke/" + function + "/method"
}

// Seal lets h answer callers who have asked for it with a success that carries the status.
func Seal(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(sealHeader) != "" {
			w = &sealed{ResponseWriter: w}
		}
		h.ServeHTTP(w, r)
	})
}

type sealed struct{ http.ResponseWriter }

func (s *sealed) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		s.Header().Set(statusHeader, strconv.Itoa(status))
		status = http.StatusOK
	}
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (s *sealed) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// Open gives the response the status that it carries.
func Open(res *http.Response) error {
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
