// Package preference is what a user has chosen for all tasks.
package preference

import (
	"slices"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// Preferences of a user.
type Preferences struct {
	Timezone         string `json:"timezone"`          // IANA name
	ReminderLead     string `json:"reminder_lead"`     // ISO 8601 duration before due_at
	OverdueReminders bool   `json:"overdue_reminders"` // remind of what is overdue, once a day
	WeekStart        string `json:"week_start"`        // a weekday in English, lower case
}

// Versioned are preferences as they were written at some moment: a greater version is newer, 0 is before the first.
type Versioned struct {
	Preferences
	Version int64 `json:"version"`
}

// Default is what holds until a user says otherwise.
func Default() Preferences {
	return Preferences{Timezone: "UTC", ReminderLead: "PT1H", OverdueReminders: true, WeekStart: "monday"}
}

var weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// maxLead is the longest reminder_lead.
const maxLead = 30 * 24 * time.Hour

// Input is Preferences as a client writes them. What is missing has its default: PUT replaces all.
type Input struct {
	Timezone         *string `json:"timezone"`
	ReminderLead     *string `json:"reminder_lead"`
	OverdueReminders *bool   `json:"overdue_reminders"`
	WeekStart        *string `json:"week_start"`
}

// Preferences returns the input once it follows the rules.
func (in Input) Preferences() (Preferences, error) {
	var fs fault.Fields
	p := Default()
	if in.Timezone != nil {
		p.Timezone = *in.Timezone
		task.CheckTimezone(&fs, "/timezone", p.Timezone)
	}
	if in.ReminderLead != nil {
		p.ReminderLead = *in.ReminderLead
		task.CheckDuration(&fs, "/reminder_lead", p.ReminderLead, maxLead)
	}
	if in.OverdueReminders != nil {
		p.OverdueReminders = *in.OverdueReminders
	}
	if in.WeekStart != nil {
		p.WeekStart = *in.WeekStart
		if !slices.Contains(weekdays, p.WeekStart) {
			fs.Add("/week_start", "must be one of %s", strings.Join(weekdays, ", "))
		}
	}
	return p, fs.Err()
}
