package command

import (
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/task"
)

// Limits of a preview.
const (
	defaultPreview = 5
	maxPreview     = 50
)

// PreviewInput is a client's request for a preview.
type PreviewInput struct {
	RRule    *string `json:"rrule"`
	Mode     *string `json:"mode"`
	DueAt    *string `json:"due_at"`
	DueDate  *string `json:"due_date"`
	Timezone *string `json:"timezone"`
	Number   *int    `json:"number"`
	Count    *int    `json:"count"`
}

// Preview returns when a task with this recurrence would recur, if it were completed now and then whenever it is due.
// It changes nothing.
type Preview struct {
	Recurrence task.Recurrence
	DueAt      *time.Time
	DueDate    *task.Date
	Timezone   *string
	Number     int // of the occurrence at DueAt
	Count      int
}

// Preview returns the command of a valid input, or an Invalid fault that lists all errors.
func (in PreviewInput) Preview() (Preview, error) {
	var fs fault.Fields
	p := Preview{
		DueAt: ParseInstant(&fs, "/due_at", in.DueAt), DueDate: ParseDate(&fs, "/due_date", in.DueDate),
		Timezone: in.Timezone, Number: 1, Count: defaultPreview,
	}
	oneDue(&fs, p.DueAt, p.DueDate)
	if in.Timezone != nil {
		task.CheckTimezone(&fs, "/timezone", *in.Timezone)
	}
	p.Recurrence = *recurs(&fs, "", &RecurrenceInput{RRule: in.RRule, Mode: in.Mode}, due{p.DueAt, p.DueDate, in.Timezone})
	if in.Number != nil {
		if p.Number = *in.Number; p.Number < 1 || p.Number > recurrence.MaxCount {
			fs.Add("/number", "must be 1 to %d", recurrence.MaxCount)
		}
	}
	if in.Count != nil {
		if p.Count = *in.Count; p.Count < 1 || p.Count > maxPreview {
			fs.Add("/count", "must be 1 to %d", maxPreview)
		}
	}
	return p, fs.Err()
}

// Needs reads the user's time zone.
func (p Preview) Needs() task.Needs { return task.Needs{Preferences: true} }

// Apply records nothing.
func (p Preview) Apply(l *task.Ledger) (task.Outcome, error) {
	t := &task.Task{
		ID: l.NewID(), Recurrence: &p.Recurrence, DueAt: p.DueAt, DueDate: p.DueDate, Timezone: p.Timezone, Completed: true, CompletedAt: &l.Now,
	}
	l.EnterSeries(t)
	t.Series.Number = p.Number
	out := task.Outcome{Occurrences: []time.Time{}}
	for range p.Count {
		next := l.Next(t)
		if next.At == nil {
			break
		}
		out.Occurrences = append(out.Occurrences, *next.At)
		t.Occurrence, t.CompletedAt, t.Series = next.Occurrence(), next.At, next.Place()
		if next.On != nil {
			out.Dates, t.DueDate = append(out.Dates, *next.On), next.On
		} else {
			t.DueAt = next.At
		}
	}
	return out, nil
}
