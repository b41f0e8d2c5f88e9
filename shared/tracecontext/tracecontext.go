// Package tracecontext reads and makes the traceparent of W3C Trace Context, level 1, section 3.2.
package tracecontext

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// Header is the name of the HTTP header and of the CloudEvents extension.
const Header = "traceparent"

type key struct{}

// Valid reports whether s is a traceparent of version 00 with a trace id and a parent id that are not all zeroes.
func Valid(s string) bool {
	if len(s) != 55 || s[:3] != "00-" || s[35] != '-' || s[52] != '-' {
		return false
	}
	hexOnly := func(part string) bool { return strings.Trim(part, "0123456789abcdef") == "" }
	nonZero := func(part string) bool { return strings.Trim(part, "0") != "" }
	trace, parent, flags := s[3:35], s[36:52], s[53:]
	return hexOnly(trace) && hexOnly(parent) && hexOnly(flags) && nonZero(trace) && nonZero(parent)
}

// New returns a traceparent that starts a trace of its own, sampled.
func New() string {
	var b [24]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return "00-" + hex.EncodeToString(b[:16]) + "-" + hex.EncodeToString(b[16:]) + "-01"
}

// With returns a context that carries traceparent, or a new one where that is not valid.
func With(ctx context.Context, traceparent string) context.Context {
	if !Valid(traceparent) {
		traceparent = New()
	}
	return context.WithValue(ctx, key{}, traceparent)
}

// From returns the traceparent of the context, or a new one.
func From(ctx context.Context) string {
	if s, ok := ctx.Value(key{}).(string); ok {
		return s
	}
	return New()
}
