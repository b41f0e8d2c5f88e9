package function

import (
	"context"
	"net/http"
	"strings"
	"time"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// dateForms describes, in a sentence for a model, which dates are understood.
const dateForms = `RFC 3339 ("2026-12-01T09:00:00+01:00"), a date ("2026-12-01"), or words: ` +
	`"today", "tomorrow", "friday", "next friday" (of next week), "dec 24", "in 3 days", "in 2 hours", "next week", "end of month", ` +
	`each with a time if need be ("tomorrow at 17:00", "friday 9am", "tonight")`

// date is a date as a user or a model writes it.
type date struct {
	time.Time      // without a time of day the start of the day
	day       bool // without a time of day
}

// parsed is a task in plain language, as the tasks function understands it.
type parsed struct {
	Task  map[string]any `json:"task"`
	Parts []struct {
		Kind string `json:"kind"`
	} `json:"parts"`
}

// parse has the tasks function read a text. Dates in it count from now in the zone.
func (f *Function) parse(ctx context.Context, z zone, text string, now time.Time) (p parsed, err error) {
	body := map[string]any{
		"text": text, "now": now.UTC().Format(time.RFC3339), "timezone": z.location.String(), "week_start": z.weekStart,
	}
	err = f.call(ctx, rest.Request{Method: http.MethodPost, Path: "/api/todos/parse", Body: body}, &p)
	return p, err
}

// placeholder is the title of a task of which only the due date is read.
const placeholder = "Task"

// date reads a date. All of its words must be understood, and say nothing else.
func (f *Function) date(ctx context.Context, z zone, field, text string, now time.Time) (date, error) {
	if t, err := wallclock.ParseInstant(strings.TrimSpace(text)); err == nil && t.UTC().Year() > 0 && t.UTC().Year() < 10000 {
		return date{Time: t}, nil
	}
	p, err := f.parse(ctx, z, placeholder+" "+text, now)
	if err != nil && !fault.Is(err, fault.Invalid) {
		return date{}, err
	}
	only := err == nil && p.Task["title"] == placeholder
	for _, part := range p.Parts {
		only = only && part.Kind == "due"
	}
	if only {
		if d, ok := z.dueOf(p.Task); ok {
			return d, nil
		}
	}
	var fs fault.Fields
	fs.Add(field, "%q is not a date: write %s", text, dateForms)
	return date{}, fs.Err()
}

// dueOf returns the due date of a parsed task, if it has one.
func (z zone) dueOf(parsed map[string]any) (date, bool) {
	if day, ok := parsed["due_date"].(string); ok {
		wall, err := time.Parse(time.DateOnly, day)
		return date{wallclock.At(wall, z.location).In(z.location), true}, err == nil
	}
	at, _ := parsed["due_at"].(string)
	t, err := time.Parse(time.RFC3339, at)
	return date{Time: t.In(z.location)}, err == nil
}

// put adds the due date to a body. A day without a time of day is a due_date.
func (d date) put(body map[string]any) {
	if d.day {
		body["due_at"], body["due_date"] = nil, task.DateOf(wallclock.Of(d.Time, d.Location()))
	} else {
		body["due_at"], body["due_date"] = d.UTC().Format(time.RFC3339), nil
	}
}

// parameter returns the date for a filter of a list: as a moment, or as a day if it is one and the filter takes days.
func (d date) parameter(moment bool) string {
	if d.day && !moment {
		return task.DateOf(wallclock.Of(d.Time, d.Location())).String()
	}
	return d.UTC().Format(time.RFC3339)
}

// zone is where and how the user counts days.
type zone struct {
	location  *time.Location
	weekStart string
}

// zone reads the user's preferences.
func (f *Function) zone(ctx context.Context) (zone, error) {
	var p preference.Preferences
	if err := f.call(ctx, rest.Request{Method: http.MethodGet, Path: "/api/preferences"}, &p); err != nil {
		return zone{}, err
	}
	return zone{location: wallclock.Zone(p.Timezone), weekStart: p.WeekStart}, nil
}

// in returns the zone of a task that has its own.
func (z zone) in(name string) (zone, error) {
	if name == "" {
		return z, nil
	}
	var fs fault.Fields
	if task.CheckTimezone(&fs, "/timezone", name); len(fs) > 0 {
		return z, fs.Err()
	}
	z.location = wallclock.Zone(name)
	return z, nil
}
