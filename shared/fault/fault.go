// Package fault has Taskwire's error type. Code that detects a fault gives it a code; two places map codes to a result:
// httpapi.WriteProblem (the HTTP response) and cloudevent.Status (retry or dead letter).
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code is the kind of a fault, which tells a caller how to react.
type Code string

// The codes; docs/errors.md has one row for each.
const (
	Malformed          Code = "malformed"              // cannot be parsed
	Unauthenticated    Code = "unauthenticated"        // no token, or an invalid one
	Forbidden          Code = "forbidden"              // a valid token without the right
	NotFound           Code = "not-found"              // absent, or another user's: the two look the same on purpose
	MethodNotAllowed   Code = "method-not-allowed"     // the resource exists, but not for this method
	Conflict           Code = "conflict"               // the current state does not allow it
	QuotaExceeded      Code = "quota-exceeded"         // the user would keep more than allowed
	PreconditionFailed Code = "precondition-failed"    // If-Match named another version
	RequestTimeout     Code = "request-timeout"        // the request did not arrive in time
	TooLarge           Code = "too-large"              // too many bytes or items
	RangeUnsatisfiable Code = "range-not-satisfiable"  // it begins behind the end
	TargetTooLong      Code = "target-too-long"        // path and query together
	UnsupportedMedia   Code = "unsupported-media-type" // a Content-Type that the route does not accept
	Misdirected        Code = "misdirected"            // an unknown Host
	Invalid            Code = "invalid"                // well-formed but invalid; see Error.Fields
	RateLimited        Code = "rate-limited"           // too many requests; see Error.RetryAfter
	HeadersTooLarge    Code = "headers-too-large"      // all header fields together
	Unavailable        Code = "unavailable"            // something needed does not answer; the same request may succeed later
	Preparing          Code = "preparing"              // a long answer is being made; the same request goes on with it
	Internal           Code = "internal"               // a bug in Taskwire
)

// Error is a fault. Detail is for the caller to read; Cause is for the log and never leaves the process.
type Error struct {
	Code       Code
	Detail     string
	Fields     []Field // at most MaxFields
	More       bool    // there are invalid fields that Fields does not list
	RetryAfter time.Duration
	Cause      error
}

func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Detail, e.Cause)
	}
	if len(e.Fields) > 0 {
		return fmt.Sprintf("%s: %s %v", e.Code, e.Detail, e.Fields)
	}
	return fmt.Sprintf("%s: %s", e.Code, e.Detail)
}

func (e *Error) Unwrap() error { return e.Cause }

// New returns a fault whose detail the caller may read.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// Wrap returns a fault caused by err.
func Wrap(code Code, err error, detail string) *Error {
	return &Error{Code: code, Detail: detail, Cause: err}
}

// WrapUnavailable returns an Unavailable fault for what did not answer, such as "the database".
func WrapUnavailable(what string, err error) *Error {
	return &Error{Code: Unavailable, Detail: what + " is not available right now", RetryAfter: 2 * time.Second, Cause: err}
}

// From returns the fault in err's chain; any other error is a bug, Internal.
func From(err error) *Error {
	var f *Error
	if errors.As(err, &f) {
		return f
	}
	return &Error{Code: Internal, Detail: "an unexpected error", Cause: err}
}

// Is reports whether err is a fault of this code.
func Is(err error, code Code) bool {
	var f *Error
	return errors.As(err, &f) && f.Code == code
}
