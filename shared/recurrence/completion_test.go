package recurrence

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"taskwire.dev/shared/wallclock"
)

// The occurrence after a completion is the one that is found by looking at all of them.
func TestAfterACompletionComesTheNearestOccurrence(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSuffix(drawRule(t), ";")
		rule, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		due := time.Date(2027, 1, 1, 9, 30, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
		completed := due.AddDate(0, 0, rapid.IntRange(-40, 40).Draw(t, "late")).Add(time.Duration(rapid.IntRange(0, 23).Draw(t, "hours")) * time.Hour)
		got, ok := Series{Rule: rule, Start: due, Zone: time.UTC}.AfterCompletion(completed, due, 1)

		interval := max(rule.option.Interval, 1)
		parts := slices.DeleteFunc(strings.Split(text, ";"), func(part string) bool { return strings.HasPrefix(part, "INTERVAL=") })
		begin := wallclock.DateOf(completed).Add(wallclock.TimeOf(due))
		every := newNaive(strings.Join(parts, ";"), begin)
		every.clamps = true
		target := addPeriods(completed, rule.option.Freq, interval)
		distance := func(at time.Time) int { // in half days, so that the later one of two is nearer
			days := 2 * wallclock.Days(wallclock.DateOf(target), wallclock.DateOf(at))
			return max(days-1, -days)
		}
		var want time.Time
		for at := range every.all(target.AddDate(12, 0, 0)) {
			if at.After(completed) && at.After(due) && (want.IsZero() || distance(at) < distance(want)) {
				want = at
			}
		}
		if !want.IsZero() && (!ok || !got.Equal(want)) {
			t.Fatalf("%s, due %v, completed %v: %v, want %v, nearest to %v", text, due, completed, got, want, target)
		}
	})
}
