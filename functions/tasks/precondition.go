package function

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
)

// etag is the entity tag of a version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// precondition is a parsed If-Match (RFC 9110, 13.1.1). The zero precondition always holds.
type precondition struct {
	any   bool
	asked bool
	tags  []string
}

// ifMatch parses the If-Match header. A tag that no version can have, including a weak one, matches nothing.
func ifMatch(r *http.Request) precondition {
	var p precondition
	for _, line := range r.Header.Values("If-Match") {
		for tag := range strings.SplitSeq(line, ",") {
			tag = strings.TrimSpace(tag)
			p.asked = true
			if tag == "*" {
				p.any = true
			}
			p.tags = append(p.tags, tag)
		}
	}
	return p
}

// check returns a fault if version does not match. Tags are opaque: they are compared character by character
// (RFC 9110, 8.8.3.2), so "02" is not "2".
func (p precondition) check(version int64) error {
	if !p.asked || p.any {
		return nil
	}
	if slices.Contains(p.tags, etag(version)) {
		return nil
	}
	return fault.New(fault.PreconditionFailed, "the task now has version %d", version)
}
