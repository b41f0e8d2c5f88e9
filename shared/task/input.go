package task

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known in an image without a zone database
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/sosodev/duration"

	"taskwire.dev/shared/fault"
)

// Limits of a task's fields.
const (
	MaxTitle       = 500 // characters
	MaxDescription = 20000
	MaxProject     = 100
	MaxTags        = 50
	MaxTag         = 50
	MaxReminders   = 10
	MaxReminder    = 365 * 24 * time.Hour
	MaxRRule       = 500
	MaxPosition    = 200
)

var errUnknownPriority = errors.New("unknown priority")

// Input is a task as a client sends it. Fields that the server decides (version, times; id, except in a create) may be
// included, so that a task can be read, changed and sent back; they are ignored.
type Input struct {
	Title       *string          `json:"title"`
	Description *string          `json:"description"`
	Completed   *bool            `json:"completed"`
	Priority    *string          `json:"priority"`
	Project     *string          `json:"project"`
	Tags        []string         `json:"tags"`
	DueAt       *string          `json:"due_at"`
	Timezone    *string          `json:"timezone"`
	Reminders   []string         `json:"reminders"`
	Recurrence  *RecurrenceInput `json:"recurrence"`
	ParentID    *string          `json:"parent_id"`
	Position    *string          `json:"position"`

	ID          json.RawMessage `json:"id,omitempty"`
	CompletedAt json.RawMessage `json:"completed_at,omitempty"`
	SeriesID    json.RawMessage `json:"series_id,omitempty"`
	Occurrence  json.RawMessage `json:"occurrence,omitempty"`
	Version     json.RawMessage `json:"version,omitempty"`
	CreatedAt   json.RawMessage `json:"created_at,omitempty"`
	UpdatedAt   json.RawMessage `json:"updated_at,omitempty"`
	Next        json.RawMessage `json:"next_occurrence_at,omitempty"`
}

// RecurrenceInput is a Recurrence as a client sends it.
type RecurrenceInput struct {
	RRule *string `json:"rrule"`
	Mode  *string `json:"mode"`
}

// Draft is a valid input: the part of a task that a client decides.
type Draft struct {
	Title       string
	Description string
	Completed   bool
	Priority    Priority
	Project     *string
	Tags        []string
	DueAt       *time.Time
	Timezone    *string
	Reminders   []string
	Recurrence  *Recurrence
	ParentID    *uuid.UUID
	Position    string // empty: unchanged, or at the end
}

// Create returns the command that creates the task of the input, or an Invalid fault that lists all errors.
func (in Input) Create() (Create, error) {
	var fs fault.Fields
	create := Create{ID: chosenID(&fs, in.ID), Draft: in.draft(&fs)}
	return create, fs.Err()
}

// chosenID reads the id that a client chose for a new task; there is none if it is absent or null.
func chosenID(fs *fault.Fields, given json.RawMessage) uuid.UUID {
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
func (in Input) Draft() (Draft, error) {
	var fs fault.Fields
	d := in.draft(&fs)
	return d, fs.Err()
}

func (in Input) draft(fs *fault.Fields) Draft {
	d := Draft{Tags: []string{}, Reminders: []string{}}
	switch {
	case in.Title == nil:
		fs.Add("/title", "is required")
	default:
		d.Title = strings.TrimSpace(*in.Title)
		checkText(fs, "/title", d.Title, 1, MaxTitle, false)
	}
	if in.Description != nil {
		d.Description = *in.Description
		checkText(fs, "/description", d.Description, 0, MaxDescription, true)
	}
	if in.Completed != nil {
		d.Completed = *in.Completed
	}
	if in.Priority != nil {
		var ok bool
		if d.Priority, ok = ParsePriority(*in.Priority); !ok {
			fs.Add("/priority", "must be one of %s", strings.Join(priorities, ", "))
		}
	}
	if in.Project != nil && strings.TrimSpace(*in.Project) != "" {
		project := strings.TrimSpace(*in.Project)
		checkText(fs, "/project", project, 1, MaxProject, false)
		d.Project = &project
	}
	d.Tags = tags(fs, in.Tags)
	d.DueAt = ParseInstant(fs, "/due_at", in.DueAt)
	if in.Timezone != nil {
		CheckTimezone(fs, "/timezone", *in.Timezone)
		d.Timezone = in.Timezone
	}
	d.Reminders = reminders(fs, in.Reminders)
	d.Recurrence = recurs(fs, "/recurrence", in.Recurrence, d.DueAt, d.Timezone)
	if in.ParentID != nil {
		id, ok := ParseID(*in.ParentID)
		if !ok {
			fs.Add("/parent_id", "must be a UUID")
		}
		d.ParentID = &id
	}
	if in.Position != nil {
		if d.Position = *in.Position; !ValidPosition(d.Position) {
			fs.Add("/position", "must be 1 to %d digits and letters, and not end with 0", MaxPosition)
		}
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

func tags(fs *fault.Fields, given []string) []string {
	out := make([]string, 0, len(given))
	if len(given) > MaxTags {
		fs.Add("/tags", "has more than %d tags", MaxTags)
		return out
	}
	for _, tag := range given {
		tag = strings.TrimSpace(tag)
		checkText(fs, "/tags", tag, 1, MaxTag, false)
		if !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}

// ParseInstant parses RFC 3339 with any offset, to microseconds, which is PostgreSQL's precision.
func ParseInstant(fs *fault.Fields, pointer string, s *string) *time.Time {
	if s == nil {
		return nil
	}
	t, err := time.Parse(time.RFC3339, *s)
	if err != nil || t.UTC().Year() < 1 || t.UTC().Year() > 9999 {
		fs.Add(pointer, "must be an RFC 3339 time, such as 2026-12-01T08:00:00Z")
		return nil
	}
	t = t.UTC().Truncate(time.Microsecond)
	return &t
}

// CheckTimezone notes a zone that is not in the IANA database.
func CheckTimezone(fs *fault.Fields, pointer, name string) {
	if _, err := time.LoadLocation(name); err != nil || name == "" || name == "Local" || len(name) > 64 {
		fs.Add(pointer, "must be an IANA time zone, such as Europe/Berlin")
	}
}

// durationForm is ISO 8601's form; the library accepts numbers without a unit.
var durationForm = regexp.MustCompile(`^P(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?W)?(\d+(\.\d+)?D)?(T(\d+(\.\d+)?H)?(\d+(\.\d+)?M)?(\d+(\.\d+)?S)?)?$`)

// CheckDuration notes a value that is not an ISO 8601 duration greater than zero and at most longest.
func CheckDuration(fs *fault.Fields, pointer, s string, longest time.Duration) {
	d, err := duration.Parse(s)
	if err != nil || len(s) > 32 || !durationForm.MatchString(s) || d.ToTimeDuration() <= 0 || d.ToTimeDuration() > longest {
		fs.Add(pointer, "must be an ISO 8601 duration such as PT1H, more than zero and at most %d days", longest/(24*time.Hour))
	}
}

func reminders(fs *fault.Fields, given []string) []string {
	out := make([]string, 0, len(given))
	if len(given) > MaxReminders {
		fs.Add("/reminders", "has more than %d reminders", MaxReminders)
		return out
	}
	for _, s := range given {
		CheckDuration(fs, "/reminders", s, MaxReminder)
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
