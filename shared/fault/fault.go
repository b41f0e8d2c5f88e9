// Package fault holds the one error type of Taskwire. Code that finds a fault says what kind it is; two
// places decide what follows: httpapi.WriteProblem (the HTTP answer) and cloudevent.Status (retry or dead letter).
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Code is the kind of a fault, in words that a caller can act on.
type Code string

// The codes; docs/errors.md has one row for each.
const (
	Malformed          Code = "malformed"              // cannot be read at all
	Unauthenticated    Code = "unauthenticated"        // no token, or one that is not good
	Forbidden          Code = "forbidden"              // a good token that may not do this
	NotFound           Code = "not-found"              // absent, or somebody else's: the two look alike on purpose
	MethodNotAllowed   Code = "method-not-allowed"     // the resource exists, the verb does not
	Conflict           Code = "conflict"               // the state it meets does not allow it
	PreconditionFailed Code = "precondition-failed"    // If-Match named another version
	RequestTimeout     Code = "request-timeout"        // the request did not arrive in time
	TooLarge           Code = "too-large"              // more bytes or items than are taken
	TargetTooLong      Code = "target-too-long"        // path and query together
	UnsupportedMedia   Code = "unsupported-media-type" // a Content-Type that this route does not read
	Misdirected        Code = "misdirected"            // a Host that is not one of ours
	Invalid            Code = "invalid"                // readable, but against the rules; see Error.Fields
	RateLimited        Code = "rate-limited"           // too often; see Error.RetryAfter
	HeadersTooLarge    Code = "headers-too-large"      // all header fields together
	Unavailable        Code = "unavailable"            // a part is away; the same request may succeed later
	Internal           Code = "internal"               // a defect of ours
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

// Away returns an Unavailable fault for a part that did not answer.
func Away(part string, err error) *Error {
	return &Error{Code: Unavailable, Detail: part + " is not available right now", RetryAfter: 2 * time.Second, Cause: err}
}

// From returns the fault in err's chain; any other error is a defect of ours, Internal.
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
