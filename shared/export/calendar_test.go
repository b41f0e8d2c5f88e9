package export

import (
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// events returns the lines that matter of each event of a task whose user is in Berlin.
func events(t *testing.T, x task.Task) (events [][]string) {
	t.Helper()
	var out strings.Builder
	cal := &calendar{
		to: &out, config: &ics.SerializationConfiguration{MaxLength: 75, NewLine: "\r\n", PropertyMaxLength: 75},
		asOf: *x.Occurrence, zone: wallclock.Zone("Europe/Berlin"),
	}
	x.ID, x.Tags = uuid.New(), []string{}
	if err := cal.add(x); err != nil {
		t.Fatal(err)
	}
	for _, text := range strings.Split(out.String(), "BEGIN:VEVENT\r\n")[1:] {
		var lines []string
		for line := range strings.SplitSeq(text, "\r\n") {
			if name, _, _ := strings.Cut(line, ":"); slices.Contains([]string{"SUMMARY", "DTSTART", "RRULE", "RECURRENCE-ID"}, strings.Split(name, ";")[0]) {
				lines = append(lines, line)
			}
		}
		events = append(events, lines)
	}
	return events
}

// weekly is an occurrence of a series that is due at 09:00 in Berlin, with what later ones have in other fields.
func weekly(title string, differs map[string]any) task.Task {
	at := time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC)
	return task.Task{
		Title: title, DueAt: &at, Occurrence: &at, Recurrence: &task.Recurrence{RRule: "FREQ=WEEKLY", Mode: task.ModeSchedule},
		Series: &task.Place{Start: &at, Number: 1, Differs: differs},
	}
}

// What was changed for one occurrence alone is of that one, and the rule is that of all.
func TestCalendar_AnOccurrenceThatWasEditedAlone(t *testing.T) {
	t.Parallel()
	const start = "TZID=Europe/Berlin:20261207T090000"
	moved := weekly("Standup", map[string]any{"due_at": "2026-12-07T08:00:00Z"})
	later := moved.DueAt.AddDate(0, 0, 1)
	moved.DueAt = &later
	for name, c := range map[string]struct {
		task task.Task
		want [][]string
	}{
		"renamed": {
			weekly("Standup in room 3", map[string]any{"title": "Standup"}),
			[][]string{
				{"SUMMARY:Standup", "DTSTART;" + start, "RRULE:FREQ=WEEKLY"},
				{"SUMMARY:Standup in room 3", "DTSTART:20261207T080000Z", "RECURRENCE-ID;" + start},
			},
		},
		"moved": {
			moved,
			[][]string{
				{"SUMMARY:Standup", "DTSTART;" + start, "RRULE:FREQ=WEEKLY"},
				{"SUMMARY:Standup", "DTSTART:20261208T080000Z", "RECURRENCE-ID;" + start},
			},
		},
		"changed in what an event does not show": {
			weekly("Standup", map[string]any{"priority": "high"}),
			[][]string{{"SUMMARY:Standup", "DTSTART;" + start, "RRULE:FREQ=WEEKLY"}},
		},
	} {
		if got := events(t, c.task); !slices.EqualFunc(got, c.want, slices.Equal[[]string]) {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

// The clocks leave out 02:30 on 28 March 2027: the occurrence of that day is at 03:30, and those after it are at 02:30 again.
func TestCalendar_AnOccurrenceThatAChangeOfTheClocksMoved(t *testing.T) {
	t.Parallel()
	x := weekly("Backup", map[string]any{})
	start, at := time.Date(2027, 3, 21, 1, 30, 0, 0, time.UTC), time.Date(2027, 3, 28, 1, 30, 0, 0, time.UTC)
	x.DueAt, x.Occurrence, x.Series.Start = &at, &at, &start
	want := [][]string{{"SUMMARY:Backup", "DTSTART;TZID=Europe/Berlin:20270328T023000", "RRULE:FREQ=WEEKLY"}}
	if got := events(t, x); !slices.EqualFunc(got, want, slices.Equal[[]string]) {
		t.Errorf("%q, want %q", got, want)
	}
}
