// Package task is the domain of Taskwire: tasks, the commands on them, and the event that each change records. It does
// not depend on SQL, HTTP or Dapr.
package task

import (
	"errors"
	"time"

	"github.com/google/uuid"
)

// Task is a task in its public form: in responses, in events and in the audit log.
type Task struct {
	ID          uuid.UUID  `json:"id"`
	Title       string     `json:"title"`
	Description string     `json:"description"`
	Completed   bool       `json:"completed"`
	CompletedAt *time.Time `json:"completed_at"`
	Priority    Priority   `json:"priority"`
	Project     *string    `json:"project"`
	Section     *string    `json:"section"` // of the project; nil without one
	Tags        []string   `json:"tags"`
	DueAt       *time.Time `json:"due_at"`
	DueDate     *Date      `json:"due_date"` // a day in the user's own zone; only one of DueAt and DueDate is set
	Timezone    *string    `json:"timezone"` // IANA name; nil is the user's zone

	// Reminders are counted back from DueAt, or from the beginning of the user's day (preference day_start) on DueDate. nil is the
	// user's reminder_lead, and empty is none.
	Reminders []Reminder `json:"reminders"`
	// OverdueReminders decides whether the user is reminded once a day while the task is overdue; nil is the user's preference.
	OverdueReminders *bool `json:"overdue_reminders"`

	Recurrence *Recurrence `json:"recurrence"`
	SeriesID   *uuid.UUID  `json:"series_id"`
	Occurrence *time.Time  `json:"occurrence"` // what identifies it in the series: when it is due (of a day, its midnight in UTC), unless it was moved alone
	Series     *Place      `json:"series"`     // nil outside of a series, and for occurrences from before there were places
	ParentID   *uuid.UUID  `json:"parent_id"`
	Position   string      `json:"position"` // order key, compared byte by byte
	Version    int64       `json:"version"`
	CreatedAt  time.Time   `json:"created_at"`
	UpdatedAt  time.Time   `json:"updated_at"`

	// DeletedAt is set while the task is deleted: it is kept so that it can be restored.
	DeletedAt *time.Time `json:"-"`

	// Comments is how many comments the task has, and CommentBytes the length of their texts (package comment). They are not part of
	// the task's version.
	Comments     int   `json:"-"`
	CommentBytes int64 `json:"-"`

	gone bool // purged, with its row
}

// ParseID parses an id in its canonical form of 36 characters; uuid.Parse accepts several forms, which would give one
// task several names.
func ParseID(s string) (uuid.UUID, bool) {
	id, err := uuid.Parse(s)
	return id, err == nil && len(s) == 36
}

// Recurrence is the rule by which a task recurs.
type Recurrence struct {
	RRule string `json:"rrule"` // RFC 5545, 3.3.10, without DTSTART
	Mode  string `json:"mode"`  // ModeSchedule or ModeCompletion
}

// Modes of a recurrence: the next occurrence counts from the due date, or from the completion.
const (
	ModeSchedule   = "schedule"
	ModeCompletion = "completion"
)

// Priority is ordered: a greater one is more urgent.
type Priority int16

var priorities = []string{"none", "low", "medium", "high", "urgent"}

// Priorities lists the names of all priorities, lowest first.
func Priorities() []string { return append([]string(nil), priorities...) }

// ParsePriority returns the priority of that name.
func ParsePriority(name string) (Priority, bool) {
	for i, n := range priorities {
		if n == name {
			return Priority(i), true
		}
	}
	return 0, false
}

var errUnknownPriority = errors.New("unknown priority")

func (p Priority) String() string { return priorities[p] }

// MarshalText returns the name, as in JSON.
func (p Priority) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses the name.
func (p *Priority) UnmarshalText(text []byte) error {
	parsed, ok := ParsePriority(string(text))
	if !ok {
		return errUnknownPriority
	}
	*p = parsed
	return nil
}
