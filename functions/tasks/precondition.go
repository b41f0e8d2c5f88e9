package function

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// etag is the entity tag of a version.
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// precondition is what If-Match and If-None-Match require of the task, project, section or tag that a request changes (RFC 9110, 13.1). Without these
// headers it always holds.
type precondition struct {
	any     bool
	asked   bool
	tags    []string
	request *http.Request
}

// conditions parses the headers. A tag that no version can have matches nothing; for If-Match this includes weak tags.
func conditions(r *http.Request) precondition {
	p := precondition{request: r}
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
	tag := etag(version)
	matches := !p.asked || p.any || slices.Contains(p.tags, tag)
	if matches && httpapi.NoneMatch(p.request, tag) {
		return nil
	}
	return fault.New(fault.PreconditionFailed, "it now has version %d", version)
}
