package function

import (
	"strconv"
	"strings"
)

const identity = "identity"

// form gives the smallest form of the file that the client takes (RFC 9110, 12.5.3). Who takes none of them gets the
// plain one: that is better than 406.
func (f file) form(accept []string) form {
	accepted := parseAccept(accept)
	for _, candidate := range f.forms {
		if candidate.encoding != identity && accepted[candidate.encoding] {
			return candidate
		}
	}
	return f.forms[len(f.forms)-1]
}

// parseAccept tells which codings the client takes. Among those that it does take, how much it likes each is not asked:
// the smallest is the best for everybody.
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
