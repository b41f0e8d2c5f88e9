package wallclock_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
)

func TestParseInstant(t *testing.T) {
	t.Parallel()
	want := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for _, s := range []string{
		"2026-12-01T08:00:00Z", "2026-12-01t08:00:00z", "2026-12-01T08:00:00.000z", "2026-12-01t10:30:00+02:30",
		"2026-12-02T07:59:00+23:59", "2026-12-01T08:00:00-00:00",
	} {
		if got, err := wallclock.ParseInstant(s); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", s, got, err)
		}
	}
	for _, s := range []string{
		"", "2026-12-01", "2026-12-01 08:00:00Z", "2026-12-01T8:00:00Z", "2026-12-01T08:00:00,5Z", "2026-12-01T08:00:00.Z",
		"2026-12-01T08:00:00+24:00", "2026-12-01T08:00:00+01:60", "2026-12-01T08:00:00+0100", "2026-12-01T08:00:00",
		"2026-12-01T08:00Z", "2026-02-29T08:00:00Z", "2026-12-01T24:00:00Z", " 2026-12-01T08:00:00Z", "12026-12-01T08:00:00Z",
	} {
		if got, err := wallclock.ParseInstant(s); err == nil {
			t.Errorf("%q: %v", s, got)
		}
	}
}
