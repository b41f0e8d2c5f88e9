package function

import (
	"context"
	"net/http"
	"time"
	"unicode/utf8"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/functions/tasks/internal/preferences"
	"taskwire.dev/functions/tasks/internal/quickadd"
	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/wallclock"
)

// maxText is the longest text of a task in plain language, in characters: a title, and words that are taken out of it.
const maxText = 1000

// quickInput is a task in plain language.
type quickInput struct {
	Text      *string `json:"text"`
	Locale    *string `json:"locale"`     // only en-US differs: it writes the month first in 12/24
	Now       *string `json:"now"`        // absent: the clock's
	Timezone  *string `json:"timezone"`   // absent: the user's
	WeekStart *string `json:"week_start"` // absent: the user's
}

// parsedTask is the meaning of a text, with the fields that a create takes.
type parsedTask struct {
	Title      string           `json:"title"`
	DueDate    string           `json:"due_date,omitempty"`
	DueAt      string           `json:"due_at,omitempty"`
	Timezone   string           `json:"timezone,omitempty"`
	Recurrence *task.Recurrence `json:"recurrence,omitempty"`
	Priority   string           `json:"priority,omitempty"`
	Project    string           `json:"project,omitempty"`
	Section    string           `json:"section,omitempty"`
	Tags       []string         `json:"tags,omitempty"`
}

// parse returns the meaning of a text and the parts of it that were understood.
func (f *Function) parse(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, o, result, err := f.readQuick(w, r, who)
	if err != nil {
		return err
	}
	answer := map[string]any{"task": meant(result, o), "parts": append([]quickadd.Part{}, result.Parts...)}
	return f.execute(w, r, who, body, nothing{}, func(task.Outcome) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusOK, answer, nil)
	})
}

// quick creates the task that a text describes.
func (f *Function) quick(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, o, result, err := f.readQuick(w, r, who)
	if err != nil {
		return err
	}
	create, err := meant(result, o).input().Create()
	if err != nil {
		return fault.Under("/task", err)
	}
	return f.execute(w, r, who, body, create, func(o task.Outcome) idempotency.Answer {
		return taskAnswer(http.StatusCreated, o)
	})
}

// readQuick reads a text, and what its meaning depends on.
func (f *Function) readQuick(w http.ResponseWriter, r *http.Request, who token.Principal) (
	body []byte, o quickadd.Options, result quickadd.Result, err error,
) {
	if body, err = readJSON(w, r, jsonType); err != nil {
		return nil, o, result, err
	}
	var in quickInput
	if err = httpapi.DecodeJSON(body, &in); err != nil {
		return nil, o, result, err
	}
	if o, err = f.quickOptions(r.Context(), who, in); err != nil {
		return nil, o, result, err
	}
	o.IsProject = func(name string) (is bool) { // called for the project of the text only
		is, err = f.tasks.HasProject(r.Context(), who, name)
		return is
	}
	result = quickadd.Parse(*in.Text, o)
	return body, o, result, err
}

// quickOptions checks the input, and completes it from the user's preferences.
func (f *Function) quickOptions(ctx context.Context, who token.Principal, in quickInput) (o quickadd.Options, err error) {
	var fs fault.Fields
	switch {
	case in.Text == nil:
		fs.Add("/text", "is required")
	case *in.Text == "" || utf8.RuneCountInString(*in.Text) > maxText:
		fs.Add("/text", "must have 1 to %d characters", maxText)
	}
	o.Now = clock.Now()
	if now := command.ParseInstant(&fs, "/now", in.Now); now != nil {
		o.Now = *now
	}
	if in.Locale != nil {
		o.Locale = *in.Locale
	}
	p, invalid := preferences.Input{Timezone: in.Timezone, WeekStart: in.WeekStart}.Preferences()
	fs.AddUnder("", invalid)
	if err := fs.Err(); err != nil {
		return o, err
	}
	if in.Timezone == nil || in.WeekStart == nil {
		users, err := f.prefs.Get(ctx, who)
		if err != nil {
			return o, err
		}
		if in.Timezone == nil {
			p.Timezone = users.Timezone
		}
		if in.WeekStart == nil {
			p.WeekStart = users.WeekStart
		}
	}
	o.Location, o.WeekStart = wallclock.Zone(p.Timezone), preferences.FirstWeekday(p)
	return o, nil
}

// meant returns the task of a parsed text.
func meant(r quickadd.Result, o quickadd.Options) parsedTask {
	t := parsedTask{Title: r.Title, DueDate: r.DueDate, Priority: r.Priority, Project: r.Project, Section: r.Section, Tags: r.Tags}
	if !r.DueAt.IsZero() {
		t.DueAt, t.Timezone = r.DueAt.UTC().Format(time.RFC3339), o.Location.String()
	}
	if r.RRule != "" {
		t.Recurrence = &task.Recurrence{RRule: r.RRule, Mode: task.ModeSchedule}
		if r.Mode != "" {
			t.Recurrence.Mode = r.Mode
		}
	}
	return t
}

// input returns the task as a create takes it.
func (p parsedTask) input() command.Input {
	in := command.Input{Title: &p.Title, Tags: p.Tags}
	optional := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	in.Priority, in.Project, in.Section = optional(p.Priority), optional(p.Project), optional(p.Section)
	in.DueAt, in.DueDate, in.Timezone = optional(p.DueAt), optional(p.DueDate), optional(p.Timezone)
	if p.Recurrence != nil {
		in.Recurrence = &command.RecurrenceInput{RRule: &p.Recurrence.RRule, Mode: &p.Recurrence.Mode}
	}
	return in
}

// nothing is the command of a request that changes nothing, so that its Idempotency-Key counts.
type nothing struct{}

// Needs reads nothing.
func (nothing) Needs() task.Needs { return task.Needs{} }

// Apply records nothing.
func (nothing) Apply(*task.Ledger) (task.Outcome, error) { return task.Outcome{}, nil }
