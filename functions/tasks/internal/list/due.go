package list

import (
	"net/url"
	"time"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// Bound limits the due dates of a list: a moment, or the beginning of a day in the user's zone. A task that is due on a
// day counts as due when the day begins, so that consecutive ranges have each task once.
type Bound struct {
	At *time.Time `json:",omitempty"`
	On *task.Date `json:",omitempty"`
}

// moment returns the bound for tasks that are due at a moment.
func (b Bound) moment(zone *time.Location) time.Time {
	if b.On != nil {
		return b.On.Start(zone)
	}
	return *b.At
}

// day returns the bound for tasks that are due on a day: the first one that does not begin before it.
func (b Bound) day(zone *time.Location) task.Date {
	if b.On != nil {
		return *b.On
	}
	day := task.DateOf(wallclock.Of(*b.At, zone))
	for day.Start(zone).Before(*b.At) {
		day = day.AddDays(1)
	}
	return day
}

// Range is a half-open range of due dates of both kinds. Nil fields do not restrict.
type Range struct {
	From, To       *time.Time
	FromDay, ToDay *time.Time // midnights in UTC
}

// Range returns the due dates that the query selects in the user's zone.
func (q Query) Range() (r Range) {
	for _, b := range q.DueFrom {
		later(&r.From, b.moment(q.Zone), 1)
		later(&r.FromDay, b.day(q.Zone).Midnight(), 1)
	}
	for _, b := range q.DueTo {
		later(&r.To, b.moment(q.Zone), -1)
		later(&r.ToDay, b.day(q.Zone).Midnight(), -1)
	}
	return r
}

// later replaces a time by another one if that is later, or earlier for a negative sign.
func later(t **time.Time, other time.Time, sign int) {
	if *t == nil || other.Compare(**t) == sign {
		*t = &other
	}
}

// NeedsZone reports whether the list depends on the user's zone.
func (q Query) NeedsZone() bool { return len(q.DueFrom)+len(q.DueTo) > 0 || q.Sort == sortDue }

// parseDue parses the parameters about the due date.
func (q *Query) parseDue(fs *fault.Fields, v url.Values) {
	if b := boundParameter(fs, v, "due_from"); b != nil {
		q.DueFrom = append(q.DueFrom, *b)
	}
	if b := boundParameter(fs, v, "due_to"); b != nil {
		q.DueTo = append(q.DueTo, *b)
	}
	if at := instantParameter(fs, v, "due_after"); at != nil {
		next := at.Add(time.Microsecond) // PostgreSQL's precision
		q.DueFrom = append(q.DueFrom, Bound{At: &next})
	}
	if at := instantParameter(fs, v, "due_before"); at != nil {
		q.DueTo = append(q.DueTo, Bound{At: at})
	}
	if s := v.Get("due_on"); s != "" {
		if on := command.ParseDate(fs, "/due_on", &s); on != nil {
			next := on.AddDays(1)
			q.DueFrom, q.DueTo = append(q.DueFrom, Bound{On: on}), append(q.DueTo, Bound{On: &next})
		}
	}
}

func boundParameter(fs *fault.Fields, v url.Values, name string) *Bound {
	s := v.Get(name)
	if s == "" {
		return nil
	}
	if on, ok := task.ParseDate(s); ok {
		return &Bound{On: &on}
	}
	var one fault.Fields
	at := command.ParseInstant(&one, "/"+name, &s)
	if at == nil {
		fs.Add("/"+name, "must be a date, such as 2026-12-01, or an RFC 3339 time, such as 2026-12-01T08:00:00Z")
		return nil
	}
	return &Bound{At: at}
}

func instantParameter(fs *fault.Fields, v url.Values, name string) *time.Time {
	if s := v.Get(name); s != "" {
		return command.ParseInstant(fs, "/"+name, &s)
	}
	return nil
}
