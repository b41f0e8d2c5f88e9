package spec

import (
	"bytes"
	"io"
	"net/http"
)

// Transport returns a RoundTripper that checks every exchange and calls report with each error. Bodies are buffered,
// except those of streams (text/event-stream), which are passed on unchanged. A nil next is http.DefaultTransport.
func (s *Spec) Transport(next http.RoundTripper, report func(error)) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return &transport{spec: s, next: next, report: report}
}

type transport struct {
	spec   *Spec
	next   http.RoundTripper
	report func(error)
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var reqBody []byte
	if req.Body != nil && req.Body != http.NoBody {
		var err error
		reqBody, err = io.ReadAll(req.Body)
		_ = req.Body.Close()
		if err != nil {
			return nil, err
		}
		// A RoundTripper must not modify the request, so the body goes into a copy.
		length := req.ContentLength
		req = req.Clone(req.Context())
		req.Body, req.ContentLength = io.NopCloser(bytes.NewReader(reqBody)), length
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	var respBody []byte
	if mediaType(resp) != "text/event-stream" {
		respBody, err = io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(respBody), failing{err}))
		if err != nil {
			return resp, nil // truncated on the way: the caller sees the error, and half a body proves nothing
		}
	}
	if sent, err := Decode(req.Header, reqBody); err == nil { // a coding that cannot be read is the test's purpose
		reqBody = sent
	}
	if respBody, err = Decode(resp.Header, respBody); err == nil {
		err = t.spec.CheckExchange(req, reqBody, resp, respBody)
	}
	if err != nil {
		t.report(err)
	}
	return resp, nil
}

// failing ends a body with the error of reading the original.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
