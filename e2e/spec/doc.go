// Package spec holds what Taskwire really does against what it says that it does: HTTP exchanges against
// docs/openapi.yaml, events and stream frames against docs/asyncapi.yaml. A suite that sends its traffic
// through Transport cannot drift away from the documents without a test failing.
package spec
