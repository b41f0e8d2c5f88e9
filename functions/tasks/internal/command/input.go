// Package command has what a client may ask of the tasks function, and what it sends for it: the input of a task, and the
// commands beyond those of package task.
package command

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

// maxTag is the maximal length of a tag in characters; package task has the other limits.
const maxTag = 50

// Input is a task as a client sends it. Fields that the server decides (version, times; id, except in a create) may be
// included, so that a task can be read, changed and sent back; they are ignored. A create also takes created_at and completed_at.
type Input struct {
	Title       *string           `json:"title"`
	Description *string           `json:"description"`
	Completed   *bool             `json:"completed"`
	Priority    *string           `json:"priority"`
	Project     *string           `json:"project"`
	Section     *string           `json:"section"`
	Tags        []string          `json:"tags"`
	DueAt       *string           `json:"due_at"`
	DueDate     *string           `json:"due_date"`
	Timezone    *string           `json:"timezone"`
	Reminders   []json.RawMessage `json:"reminders"`
	Recurrence  *RecurrenceInput  `json:"recurrence"`
	ParentID    *string           `json:"parent_id"`
	Position    *string           `json:"position"`

	OverdueReminders *bool `json:"overdue_reminders"`

	ID          json.RawMessage `json:"id,omitempty"`
	CompletedAt json.RawMessage `json:"completed_at,omitempty"`
	SeriesID    json.RawMessage `json:"series_id,omitempty"`
	Occurrence  json.RawMessage `json:"occurrence,omitempty"`
	Series      json.RawMessage `json:"series,omitempty"`
	Version     json.RawMessage `json:"version,omitempty"`
	CreatedAt   json.RawMessage `json:"created_at,omitempty"`
	UpdatedAt   json.RawMessage `json:"updated_at,omitempty"`
	Next        json.RawMessage `json:"next_occurrence_at,omitempty"`
	NextDate    json.RawMessage `json:"next_occurrence_date,omitempty"`
}

// RecurrenceInput is a task.Recurrence as a client sends it.
type RecurrenceInput struct {
	RRule *string `json:"rrule"`
	Mode  *string `json:"mode"`
}

// Create returns the command that creates the task of the input, or an Invalid fault that lists all errors.
func (in Input) Create() (task.Create, error) {
	var fs fault.Fields
	create := task.Create{ID: ChosenID(&fs, in.ID), Draft: in.draft(&fs)}
	create.Stamps = in.stamps(&fs, &create.Draft)
	return create, fs.Err()
}

// ChosenIDRule describes what ParseChosenID accepts.
const ChosenIDRule = "must be a UUIDv7 in lower case, such as 019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"

// ParseChosenID parses an id that a client chose for a new task. It must be a UUIDv7 (RFC 9562, 5.7), so that no client
// can take the id of a future occurrence, which is a UUIDv5.
func ParseChosenID(s string) (uuid.UUID, bool) {
	id, ok := task.ParseID(s)
	if !ok || id.Version() != 7 || id.Variant() != uuid.RFC4122 || id.String() != s {
		return uuid.Nil, false
	}
	return id, true
}

// ChosenID reads the id that a client chose for a new task or comment; there is none if it is absent or null.
func ChosenID(fs *fault.Fields, given json.RawMessage) uuid.UUID {
	if len(given) == 0 || string(given) == "null" {
		return uuid.Nil
	}
	var text string
	if err := json.Unmarshal(given, &text); err != nil {
		text = "" // of another type
	}
	id, ok := ParseChosenID(text)
	if !ok {
		fs.Add("/id", ChosenIDRule)
	}
	return id
}

// Draft returns the draft of a valid input, or an Invalid fault that lists all errors.
func (in Input) Draft() (task.Draft, error) {
	var fs fault.Fields
	d := in.draft(&fs)
	return d, fs.Err()
}

func (in Input) draft(fs *fault.Fields) task.Draft {
	d := task.Draft{Tags: []string{}, OverdueReminders: in.OverdueReminders}
	switch {
	case in.Title == nil:
		fs.Add("/title", "is required")
	default:
		d.Title = strings.TrimSpace(*in.Title)
		checkText(fs, "/title", d.Title, 1, task.MaxTitle, false)
		checkVisible(fs, "/title", d.Title)
	}
	if in.Description != nil {
		d.Description = *in.Description
		checkText(fs, "/description", d.Description, 0, task.MaxDescription, true)
	}
	if in.Completed != nil {
		d.Completed = *in.Completed
	}
	if in.Priority != nil {
		var ok bool
		if d.Priority, ok = task.ParsePriority(*in.Priority); !ok {
			fs.Add("/priority", "must be one of %s", strings.Join(task.Priorities(), ", "))
		}
	}
	if in.Project != nil && strings.TrimSpace(*in.Project) != "" {
		project := LabelName(fs, "/project", label.Project, *in.Project)
		d.Project = &project
	}
	if in.Section != nil && strings.TrimSpace(*in.Section) != "" {
		section := LabelName(fs, "/section", label.Section, *in.Section)
		if d.Section = &section; d.Project == nil {
			fs.Add("/section", "needs a project, to which it belongs: send project too")
		}
	}
	d.Tags = tags(fs, "/tags", in.Tags)
	d.DueAt, d.DueDate = ParseInstant(fs, "/due_at", in.DueAt), ParseDate(fs, "/due_date", in.DueDate)
	oneDue(fs, d.DueAt, d.DueDate)
	if in.Timezone != nil {
		task.CheckTimezone(fs, "/timezone", *in.Timezone)
		d.Timezone = in.Timezone
	}
	d.Reminders = reminders(fs, in.Reminders)
	d.Recurrence = recurs(fs, "/recurrence", in.Recurrence, due{d.DueAt, d.DueDate, d.Timezone})
	if in.ParentID != nil {
		id, ok := task.ParseID(*in.ParentID)
		if !ok {
			fs.Add("/parent_id", "must be a UUID")
		}
		d.ParentID = &id
	}
	if in.Position != nil {
		d.Position = *in.Position
		task.CheckPosition(fs, "/position", d.Position)
	}
	return d
}

// checkText notes a text that is too short, too long, or has characters that are not allowed.
func checkText(fs *fault.Fields, pointer, s string, least, most int, lines bool) {
	if n := utf8.RuneCountInString(s); n < least || n > most {
		fs.Add(pointer, "must have %d to %d characters", least, most)
		return
	}
	for _, r := range s {
		if unicode.IsControl(r) && !(lines && (r == '\n' || r == '\r' || r == '\t')) {
			fs.Add(pointer, "has a control character (%U)", r)
			return
		}
	}
}

// checkVisible notes a text that has characters, none of which is seen.
func checkVisible(fs *fault.Fields, pointer, s string) {
	if s != "" && !search.Visible(s) {
		fs.Add(pointer, "has no visible character")
	}
}

// CommentText returns the text of a comment as it is stored.
func CommentText(fs *fault.Fields, pointer string, given *string) string {
	if given == nil {
		fs.Add(pointer, "is required")
		return ""
	}
	checkText(fs, pointer, *given, 1, comment.MaxText, true)
	checkVisible(fs, pointer, *given)
	return *given
}

// LabelName returns the name of a project, a section or a tag as it is stored.
func LabelName(fs *fault.Fields, pointer string, kind label.Kind, given string) string {
	most := task.MaxProject
	if kind == label.Tag {
		most = maxTag
	}
	name := norm.NFC.String(strings.TrimSpace(given))
	checkText(fs, pointer, name, 1, most, false)
	checkVisible(fs, pointer, name)
	return name
}

// tags returns tags as they are stored, each once; those that fold to the same are one.
func tags(fs *fault.Fields, pointer string, given []string) []string {
	out := make([]string, 0, len(given))
	if len(given) > task.MaxTags {
		fs.Add(pointer, "has more than %d tags", task.MaxTags)
		return out
	}
	for _, tag := range given {
		tag = LabelName(fs, pointer, label.Tag, tag)
		if !hasTag(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

func hasTag(tags []string, tag string) bool {
	name := search.TagName(tag)
	return slices.ContainsFunc(tags, func(t string) bool { return search.TagName(t) == name })
}

// Names returns the names of a project, its section and tags that a client sent, as task.Needs has them, or none if no task could
// have them: that is found when they are merged.
func Names(project, section *string, tags []string) []string {
	title := "any"
	if project == nil {
		section = nil // Sections has it
	}
	d, err := Input{Title: &title, Project: project, Section: section, Tags: tags}.Draft()
	if err != nil {
		return nil
	}
	return d.Names()
}

// Sections returns the name of a section that a client sent without its project.
func Sections(section *string) []string {
	var fs fault.Fields
	if section == nil {
		return nil
	}
	if name := LabelName(&fs, "", label.Section, *section); len(fs) == 0 {
		return []string{name}
	}
	return nil
}

// TagChanges is what a patch adds to the tags of a task, and what it removes, whatever other devices did meanwhile.
type TagChanges struct {
	Add    []string `json:"tags_add"`
	Remove []string `json:"tags_remove"`
}

// Check returns the changes as they are applied, or an Invalid fault that lists all errors.
func (c TagChanges) Check() (TagChanges, error) {
	var fs fault.Fields
	c.Add, c.Remove = tags(&fs, "/tags_add", c.Add), tags(&fs, "/tags_remove", c.Remove)
	for _, tag := range c.Add {
		if hasTag(c.Remove, tag) {
			fs.Add("/tags_add", "has a tag that /tags_remove has as well")
		}
	}
	return c, fs.Err()
}

// Apply returns a task's tags after the changes.
func (c TagChanges) Apply(current []string) []string {
	out := make([]string, 0, len(current)+len(c.Add))
	for _, tag := range current {
		if !hasTag(c.Remove, tag) {
			out = append(out, tag)
		}
	}
	for _, tag := range c.Add {
		if !hasTag(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// ParseInstant parses an RFC 3339 time with any offset, to microseconds, which is PostgreSQL's precision.
func ParseInstant(fs *fault.Fields, pointer string, s *string) *time.Time {
	if s == nil {
		return nil
	}
	t, err := wallclock.ParseInstant(*s)
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > wallclock.LastYear {
		fs.Add(pointer, "must be an RFC 3339 time, such as 2026-12-01T08:00:00Z")
		return nil
	}
	t = t.UTC().Truncate(time.Microsecond)
	return &t
}

// ParseDate parses a day, such as 2026-12-01.
func ParseDate(fs *fault.Fields, pointer string, s *string) *task.Date {
	if s == nil {
		return nil
	}
	d, ok := task.ParseDate(*s)
	if !ok {
		fs.Add(pointer, "must be a date, such as 2026-12-01")
		return nil
	}
	return &d
}

// oneDue notes that a task would be due at a moment and on a day.
func oneDue(fs *fault.Fields, at *time.Time, on *task.Date) {
	if at != nil && on != nil {
		fs.Add("/due_at", "must be null when due_date is given: a task is due at a moment or on a day")
		fs.Add("/due_date", "must be null when due_at is given: a task is due at a moment or on a day")
	}
}

// reminders returns nil if there is no list: the user's preference decides.
func reminders(fs *fault.Fields, given []json.RawMessage) []task.Reminder {
	if given == nil {
		return nil
	}
	out := make([]task.Reminder, 0, len(given))
	if len(given) > task.MaxReminders {
		fs.Add("/reminders", "has more than %d reminders", task.MaxReminders)
		return out
	}
	for _, raw := range given {
		r := reminder(fs, "/reminders", raw)
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// reminderInput is a reminder at a moment.
type reminderInput struct {
	At *string `json:"at"`
}

func reminder(fs *fault.Fields, pointer string, raw json.RawMessage) task.Reminder {
	var duration string
	if raw[0] == '"' && json.Unmarshal(raw, &duration) == nil {
		task.CheckDuration(fs, pointer, duration, task.MaxReminder)
		return task.Reminder(duration)
	}
	if raw[0] != '{' {
		fs.Add(pointer, `must be a duration before the task is due, such as PT1H, or {"at": "2026-12-01T08:00:00Z"}`)
		return ""
	}
	var in reminderInput
	if err := httpapi.DecodeJSON(raw, &in); err != nil {
		fs.AddUnder(pointer, err)
		return ""
	}
	if in.At == nil {
		fs.Add(pointer, "at is required")
		return ""
	}
	at := ParseInstant(fs, pointer, in.At)
	if at == nil {
		return ""
	}
	return task.ReminderAt(*at)
}
