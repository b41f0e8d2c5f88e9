package task

import (
	"regexp"
	"strings"
	"time"

	"github.com/sosodev/duration"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/wallclock"
)

// Limits of a task's fields.
const (
	MaxTitle       = 500 // characters
	MaxDescription = 20000
	MaxProject     = 100
	MaxTags        = 50
	MaxReminders   = 10
	MaxReminder    = 365 * 24 * time.Hour
	MaxRRule       = 500
	MaxSearch      = 200 // characters of a query
)

// CheckTimezone notes a zone that is not in the IANA database.
func CheckTimezone(fs *fault.Fields, pointer, name string) {
	if _, known := wallclock.Load(name); !known {
		fs.Add(pointer, "must be an IANA time zone, such as Europe/Berlin")
	}
}

// CheckPosition notes a position that is no order key.
func CheckPosition(fs *fault.Fields, pointer, position string) {
	if !ValidPosition(position) {
		fs.Add(pointer, "must be an order key of at most %d digits and letters: the position of another task, such as a0, or one with more digits, such as a0V", MaxPosition)
	}
}

// durationForm is ISO 8601's form; the library accepts numbers without a unit.
var durationForm = regexp.MustCompile(`^P(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$`)

// CheckSpan notes a value that is not an ISO 8601 duration of more than zero and at most longest.
func CheckSpan(fs *fault.Fields, pointer, s string, longest time.Duration) {
	if !strings.ContainsAny(s, "123456789") {
		fs.Add(pointer, "must be an ISO 8601 duration such as PT1H, more than zero and at most %d days", longest/(24*time.Hour))
		return
	}
	CheckDuration(fs, pointer, s, longest)
}

// CheckDuration notes a value that is not an ISO 8601 duration of at most longest.
func CheckDuration(fs *fault.Fields, pointer, s string, longest time.Duration) {
	d, err := duration.Parse(s)
	form := durationForm.MatchString(s) && strings.ContainsAny(s, "0123456789") && !strings.HasSuffix(s, "T")
	if err != nil || len(s) > 32 || !form || d.ToTimeDuration() < 0 || d.ToTimeDuration() > longest {
		fs.Add(pointer, "must be an ISO 8601 duration such as PT1H, of at most %d days", longest/(24*time.Hour))
	}
}
