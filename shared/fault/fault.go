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
	Fields     []Field
	RetryAfter time.Duration
	Cause      error
}

// Field names one invalid member of the input.
type Field struct {
	Pointer string `json:"field"` // a JSON Pointer (RFC 6901), such as "/due_at"
	Detail  string `json:"detail"`
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

// Fields collects what is wrong with an input, so that one answer can name all of it.
type Fields []Field

// Add notes that the member at pointer is wrong.
func (fs *Fields) Add(pointer, format string, args ...any) {
	*fs = append(*fs, Field{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// Err returns nil when nothing was noted, else an Invalid fault with all of it.
func (fs Fields) Err() error {
	if len(fs) == 0 {
		return nil
	}
	return &Error{Code: Invalid, Detail: "the input does not follow the rules", Fields: fs}
}

// Under returns err with prefix before each of its field pointers: an input inside another.
func Under(prefix string, err error) error {
	var f *Error
	if !errors.As(err, &f) || f.Code == Internal {
		return err
	}
	moved := *f
	moved.Fields = make([]Field, len(f.Fields))
	for i, field := range f.Fields {
		moved.Fields[i] = Field{Pointer: prefix + field.Pointer, Detail: field.Detail}
	}
	if len(moved.Fields) == 0 {
		moved.Fields = []Field{{Pointer: prefix, Detail: f.Detail}}
	}
	return &moved
}
