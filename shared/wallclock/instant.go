package wallclock

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// rfc3339 is the form of RFC 3339, 5.6. Unlike time.Parse it has no hours of one digit, no comma before the fraction, and no
// offset of 24 hours or 60 minutes.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// ParseInstant parses an RFC 3339 time with any offset. The letters t and z may be in lower case.
func ParseInstant(s string) (time.Time, error) {
	upper := strings.ToUpper(s)
	if !rfc3339.MatchString(upper) {
		return time.Time{}, fmt.Errorf("%q is not an RFC 3339 time", s)
	}
	return time.Parse(time.RFC3339, upper)
}
