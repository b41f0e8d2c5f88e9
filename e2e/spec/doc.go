// Package spec compares what Taskwire does with what its documents say: HTTP exchanges with docs/openapi.yaml, events
// and stream frames with docs/asyncapi.yaml. When a suite sends its traffic through Transport, any deviation from the
// documents fails a test.
package spec
