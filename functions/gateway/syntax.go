package function

import (
	"net/http"
	"slices"
	"unicode/utf8"

	"taskwire.dev/shared/fault"
)

const (
	// maxTarget is the most bytes of path and query together. RFC 9110, 4.1, asks for 8,000 at least.
	maxTarget = 8 << 10
	// maxHeader is the most bytes of all header fields together. func-go's server itself stops at 1 MiB, in plain text.
	maxHeader = 16 << 10
)

// checkSyntax refuses what no function should have to look at: what is too long, and bytes that a header field or a
// decoded path must not have. Of parameters in the query the functions say which one is wrong. net/http lets bytes of any encoding through, and what is no UTF-8 cannot be sent over gRPC
// between sidecars: Dapr takes the error that follows for one of the function.
func checkSyntax(r *http.Request) error {
	if len(r.RequestURI) > maxTarget {
		return fault.New(fault.TargetTooLong, "path and query have more than %d bytes", maxTarget)
	}
	size, bad := len(r.Host), "" // bad is the first of the wrong header fields by name, so that the answer is always the same
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value) + len(": \r\n")
			if !isText(value, '\t') && (bad == "" || name < bad) {
				bad = name
			}
		}
	}
	if bad != "" {
		return fault.New(fault.Malformed, "the header %.100s contains a control character or is not UTF-8", bad)
	}
	if size > maxHeader {
		return fault.New(fault.HeadersTooLarge, "the headers have more than %d bytes", maxHeader)
	}
	if !isText(r.URL.Path) {
		return fault.New(fault.Malformed, "the path contains a control character or is not UTF-8")
	}
	if !isText(r.URL.RawQuery) { // as it was sent; what it is when decoded is for the functions to judge
		return fault.New(fault.Malformed, "the query contains a control character or is not UTF-8")
	}
	return nil
}

// isText reports whether s is UTF-8 without control characters but those allowed.
func isText(s string, allowed ...byte) bool {
	ascii := true
	for i := range len(s) {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			ascii = false
		case c >= ' ' && c != 0x7f:
		case !slices.Contains(allowed, c):
			return false
		}
	}
	return ascii || utf8.ValidString(s)
}
