package function

import (
	"strconv"
	"strings"
)

const identity = "identity"

// form returns the smallest form of the file that the client accepts (RFC 9110, 12.5.3). A client that accepts none
// gets the plain one: that is better than 406.
func (f file) form(accept []string) form {
	accepted := parseAccept(accept)
	for _, candidate := range f.forms {
		if candidate.encoding != identity && accepted[candidate.encoding] {
			return candidate
		}
	}
	return f.forms[len(f.forms)-1]
}

// parseAccept returns the content codings that the client accepts. Its preferences among those are ignored: the
// smallest is best for every client.
func parseAccept(lines []string) map[string]bool {
	accepted := map[string]bool{}
	for element := range strings.SplitSeq(strings.Join(lines, ","), ",") {
		coding, parameters, _ := strings.Cut(element, ";")
		weight := 1.0
		if name, value, found := strings.Cut(strings.TrimSpace(parameters), "="); found && strings.EqualFold(name, "q") {
			if q, err := strconv.ParseFloat(value, 64); err == nil {
				weight = q
			}
		}
		accepted[strings.ToLower(strings.TrimSpace(coding))] = weight > 0
	}
	return accepted
}
