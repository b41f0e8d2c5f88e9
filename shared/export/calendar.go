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

func (c *calendar) add(t task.Task) error {
	if t.Completed || t.DueAt == nil && t.DueDate == nil {
		return nil
	}
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
	// The next date of the other mode depends on when the task is completed.
	repeats := t.Recurrence != nil && t.Recurrence.Mode == task.ModeSchedule && !movedAlone(t)
	switch {
	case t.DueDate != nil:
		e.SetAllDayStartAt(t.DueDate.Midnight())
		if repeats {
			e.AddRrule(ruleFrom(t, c.zone))
		}
	case repeats:
		zone := c.zone
		if t.Timezone != nil {
			if z, ok := wallclock.Load(*t.Timezone); ok {
				zone = z
			}
		}
		e.AddRrule(ruleFrom(t, zone))
		at := t.DueAt.In(zone)
		if zone == time.UTC {
			e.SetStartAt(at)
			break
		}
		if err := c.describe(zone); err != nil {
			return err
		}
		e.SetProperty(ics.ComponentPropertyDtStart, at.Format(localTime), ics.WithTZID(zone.String()))
	default:
		e.SetStartAt(*t.DueAt)
	}
	return e.SerializeTo(c.to, c.config)
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
