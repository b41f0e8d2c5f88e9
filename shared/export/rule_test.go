package export

import (
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/google/uuid"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
	"taskwire.dev/shared/wallclock/zonetest"
)

// TestCalendar_RulesFitTheirStart: an event starts with the occurrence that is open, and its rule depends on that.
func TestCalendar_RulesFitTheirStart(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 4, 8, 0, 0, 0, time.UTC)
	day, ok := task.ParseDate("2026-12-04")
	if !ok {
		t.Fatal("no date")
	}
	midnight, earlier := day.Midnight(), at.AddDate(0, 0, -1)
	timed := func(rule string) task.Task {
		return task.Task{DueAt: &at, Occurrence: &at, Recurrence: &task.Recurrence{RRule: rule}}
	}
	daily := func(rule string) task.Task {
		return task.Task{DueDate: &day, Occurrence: &midnight, Recurrence: &task.Recurrence{RRule: rule}}
	}
	numbered := timed("FREQ=WEEKLY;COUNT=10")
	numbered.Series = &task.Place{Number: 4}
	moved := timed("FREQ=WEEKLY")
	moved.Occurrence = &earlier
	movedDay := daily("FREQ=WEEKLY")
	movedDay.Occurrence = &earlier
	for name, c := range map[string]struct {
		task task.Task
		want string
	}{
		// "The "DTSTART" property value always counts as the first occurrence" of COUNT (RFC 5545, 3.3.10, as all that is quoted here).
		"the fourth of ten": {numbered, "FREQ=WEEKLY;COUNT=7"},
		"without a place":   {timed("FREQ=WEEKLY;COUNT=10"), "FREQ=WEEKLY;COUNT=10"},
		// "if the "DTSTART" property is specified as a date with local time and time zone reference, then the UNTIL rule part
		// MUST be specified as a date with UTC time."
		"until a day":         {timed("freq=weekly;until=20261231"), "FREQ=WEEKLY;UNTIL=20261231T225959Z"},
		"until a summer day":  {timed("FREQ=WEEKLY;UNTIL=20270630"), "FREQ=WEEKLY;UNTIL=20270630T215959Z"},
		"until a local time":  {timed("FREQ=WEEKLY;UNTIL=20261231T120000"), "FREQ=WEEKLY;UNTIL=20261231T110000Z"},
		"until a time in UTC": {timed("FREQ=WEEKLY;UNTIL=20261231T120000Z"), "FREQ=WEEKLY;UNTIL=20261231T120000Z"},
		// "The value of the UNTIL rule part MUST have the same value type as the "DTSTART" property."
		"a day until a day":         {daily("FREQ=DAILY;UNTIL=20261231"), "FREQ=DAILY;UNTIL=20261231"},
		"a day until a local time":  {daily("FREQ=DAILY;UNTIL=20261231T120000"), "FREQ=DAILY;UNTIL=20261231"},
		"a day until a time in UTC": {daily("FREQ=DAILY;UNTIL=20261231T120000Z"), "FREQ=DAILY;UNTIL=20261231"},
		"a day until a day of UTC":  {daily("FREQ=DAILY;UNTIL=20261231T235959Z"), "FREQ=DAILY;UNTIL=20270101"},
		// "The BYSECOND, BYMINUTE and BYHOUR rule parts MUST NOT be specified when the associated "DTSTART" property has a DATE
		// value type."
		"a day with times":  {daily("FREQ=DAILY;BYHOUR=9;BYMINUTE=0,30;BYSECOND=0;BYDAY=MO"), "FREQ=DAILY;BYDAY=MO"},
		"a time with times": {timed("FREQ=DAILY;BYHOUR=9"), "FREQ=DAILY;BYHOUR=9"},
		// "Information, not contained in the rule, necessary to determine the various recurrence instance start time and dates
		// are derived from the Start Time (DTSTART) component attribute."
		"moved alone":       {moved, ""},
		"a day moved alone": {movedDay, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			cal := &calendar{
				to: &out, config: &ics.SerializationConfiguration{MaxLength: 75, NewLine: "\r\n", PropertyMaxLength: 75},
				asOf: at, zone: wallclock.Zone("Europe/Berlin"),
			}
			c.task.ID, c.task.Recurrence.Mode = uuid.New(), task.ModeSchedule
			if err := cal.add(c.task); err != nil {
				t.Fatal(err)
			}
			_, event, _ := strings.Cut(out.String(), "BEGIN:VEVENT")
			_, rule, _ := strings.Cut(event, "\r\nRRULE:")
			if rule, _, _ = strings.Cut(rule, "\r\n"); rule != c.want {
				t.Errorf("RRULE:%s, want %s", rule, c.want)
			}
		})
	}
}

// An image has no time zones but those that are compiled in.
func TestCalendar_ReadsNoTimeZonesOfTheSystem(t *testing.T) {
	if !zonetest.Misled(t) {
		return
	}
	at, zone := time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC), "Europe/Berlin"
	var out strings.Builder
	cal := &calendar{
		to: &out, config: &ics.SerializationConfiguration{MaxLength: 75, NewLine: "\r\n", PropertyMaxLength: 75},
		asOf: at, zone: time.UTC,
	}
	weekly := &task.Recurrence{RRule: "FREQ=WEEKLY;BYDAY=MO", Mode: task.ModeSchedule}
	if err := cal.add(task.Task{ID: uuid.New(), DueAt: &at, Occurrence: &at, Timezone: &zone, Recurrence: weekly}); err != nil {
		t.Fatal(err)
	}
	if want := "DTSTART;TZID=Europe/Berlin:20261207T090000\r\n"; !strings.Contains(out.String(), want) {
		t.Errorf("%s: want %s", out.String(), want)
	}
}
