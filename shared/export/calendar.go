package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Layouts of RFC 5545, 3.3.5.
const (
	localTime  = "20060102T150405"
	zoneOffset = "-0700"
)

// Time zones are described from some years before the archive's last change to some years after it.
const (
	zoneYearsBefore = 5
	zoneYearsAfter  = 10
)

// calendar writes open tasks with a due date as events, one at a time.
type calendar struct {
	to     io.Writer
	config *ics.SerializationConfiguration
	asOf   time.Time
	zone   *time.Location // of the user
	zones  []string       // that are described
}

// writeCalendar writes a calendar (RFC 5545). Events and not to-dos: most calendars show no others.
func (a *Archive) writeCalendar(ctx context.Context, to io.Writer, at *place) (more bool, err error) {
	empty := ics.NewCalendarFor("Taskwire")
	empty.SetProductId("-//Taskwire//Export//EN")
	empty.SetName("Taskwire")
	const end = "END:VCALENDAR\r\n"
	begin, found := strings.CutSuffix(empty.Serialize(ics.WithNewLineWindows), end)
	if !found {
		return false, fmt.Errorf("the calendar does not end with %q", end)
	}
	if at.first() {
		if _, err := io.WriteString(to, begin); err != nil {
			return false, err
		}
	}
	c := &calendar{
		to: to, config: &ics.SerializationConfiguration{MaxLength: 75, NewLine: "\r\n", PropertyMaxLength: 75},
		asOf: a.asOf, zone: a.zone, zones: at.after.zones,
	}
	more, err = a.decoded(ctx, at, c.add)
	if at.after.zones = c.zones; err != nil || more {
		return more, err
	}
	_, err = io.WriteString(to, end)
	return false, err
}

// add writes a task as an event. One that recurs has its rule, and what was changed for this occurrence alone is an event of its own
// that replaces it (RFC 5545, 3.8.4.4).
func (c *calendar) add(t task.Task) error {
	if t.Completed || t.DueAt == nil && t.DueDate == nil {
		return nil
	}
	usual := t.Usual()
	if !repeats(usual) {
		return c.write(eventOf(&t))
	}
	series := eventOf(usual)
	start, form, err := c.startOf(usual)
	if err != nil {
		return err
	}
	series.SetProperty(ics.ComponentPropertyDtStart, start, form...)
	series.AddRrule(ruleFrom(*usual, c.zoneOf(usual)))
	if err := c.write(series); err != nil || !shownToDiffer(&t, usual) {
		return err
	}
	alone := eventOf(&t)
	alone.SetProperty(ics.ComponentPropertyRecurrenceId, start, form...)
	return c.write(alone)
}

func (c *calendar) write(e *ics.VEvent) error { return e.SerializeTo(c.to, c.config) }

// eventOf returns a task as an event without a rule.
func eventOf(t *task.Task) *ics.VEvent {
	e := ics.NewEvent(t.ID.String() + "@taskwire")
	e.SetDtStampTime(t.UpdatedAt)
	e.SetCreatedTime(t.CreatedAt)
	e.SetLastModifiedAt(t.UpdatedAt)
	e.SetSummary(printable(t.Title))
	if t.Description != "" {
		e.SetDescription(printable(t.Description))
	}
	for _, name := range t.Tags {
		e.AddProperty(ics.ComponentPropertyCategories, printable(name))
	}
	if t.DueDate != nil {
		e.SetAllDayStartAt(t.DueDate.Midnight())
	} else {
		e.SetStartAt(*t.DueAt)
	}
	return e
}

// shownToDiffer reports whether the events of two tasks differ.
func shownToDiffer(a, b *task.Task) bool {
	differs := task.Diff(a, b)
	return slices.ContainsFunc([]string{"title", "description", "tags", "due_at", "due_date"}, func(name string) bool {
		_, found := differs[name]
		return found
	})
}

// startOf returns when the event of a series starts, on whose clock its rule is evaluated, and describes that.
func (c *calendar) startOf(t *task.Task) (start string, form []ics.PropertyParameter, err error) {
	if t.DueDate != nil {
		return t.DueDate.Midnight().Format(localDate), []ics.PropertyParameter{ics.WithValue(string(ics.ValueDataTypeDate))}, nil
	}
	zone := c.zoneOf(t)
	if zone == time.UTC {
		return t.DueAt.UTC().Format(utcTime), nil, nil
	}
	if err := c.describe(zone); err != nil {
		return "", nil, err
	}
	return wallTime(t, zone).Format(localTime), []ics.PropertyParameter{ics.WithTZID(zone.String())}, nil
}

// zoneOf returns the zone in which the rule of a task is evaluated.
func (c *calendar) zoneOf(t *task.Task) *time.Location {
	if t.DueDate == nil && t.Timezone != nil {
		if zone, ok := wallclock.Load(*t.Timezone); ok {
			return zone
		}
	}
	return c.zone
}

// describe writes a time zone once (RFC 5545, 3.6.5): each change of its offset.
func (c *calendar) describe(zone *time.Location) error {
	if slices.Contains(c.zones, zone.String()) {
		return nil
	}
	c.zones = append(c.zones, zone.String())
	described := ics.NewTimezone(zone.String())
	until := c.asOf.AddDate(zoneYearsAfter, 0, 0)
	for at := c.asOf.AddDate(-zoneYearsBefore, 0, 0).In(zone); ; {
		start, _ := at.ZoneBounds()
		if start.IsZero() {
			start = time.Unix(0, 0).In(zone)
		}
		_, before := start.Add(-time.Second).Zone()
		old := start.In(time.FixedZone("", before))
		name, _ := at.Zone()
		p := ics.ComponentBase{}
		p.SetProperty(ics.ComponentPropertyDtStart, old.Format(localTime))
		p.SetProperty("TZOFFSETFROM", old.Format(zoneOffset))
		p.SetProperty("TZOFFSETTO", at.Format(zoneOffset))
		p.SetProperty("TZNAME", name)
		if at.IsDST() {
			described.Components = append(described.Components, &ics.Daylight{ComponentBase: p})
		} else {
			described.Components = append(described.Components, &ics.Standard{ComponentBase: p})
		}
		end := wallclock.NextChange(at, zone)
		if end.IsZero() || end.After(until) {
			return described.SerializeTo(c.to, c.config)
		}
		at = end.In(zone)
	}
}

// printable removes the control characters that a text of RFC 5545, 3.3.11, must not have. The library escapes the rest.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
