package preferences

import (
	"slices"
	"strings"
	"time"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/preference"
	"taskwire.dev/shared/task"
)

// FirstWeekday returns the day that weeks begin on.
func FirstWeekday(p preference.Preferences) time.Weekday {
	return time.Weekday((slices.Index(preference.Weekdays, p.WeekStart) + 1) % 7)
}

// maxLead is the longest reminder_lead.
const maxLead = 30 * 24 * time.Hour

// Input is preference.Preferences as a client writes them. What is missing has its default: PUT replaces all.
type Input struct {
	Timezone         *string `json:"timezone"`
	ReminderLead     *string `json:"reminder_lead"`
	OverdueReminders *bool   `json:"overdue_reminders"`
	WeekStart        *string `json:"week_start"`
	DayStart         *string `json:"day_start"`
	Language         *string `json:"language"`

	FirstStepsDismissed *bool `json:"first_steps_dismissed"`
}

// Preferences returns the input once it follows the rules.
func (in Input) Preferences() (preference.Preferences, error) {
	var fs fault.Fields
	p := preference.Default()
	if in.Timezone != nil {
		p.Timezone = *in.Timezone
		task.CheckTimezone(&fs, "/timezone", p.Timezone)
	}
	if in.ReminderLead != nil {
		p.ReminderLead = *in.ReminderLead
		task.CheckSpan(&fs, "/reminder_lead", p.ReminderLead, maxLead)
	}
	if in.OverdueReminders != nil {
		p.OverdueReminders = *in.OverdueReminders
	}
	if in.WeekStart != nil {
		p.WeekStart = *in.WeekStart
		if !slices.Contains(preference.Weekdays, p.WeekStart) {
			fs.Add("/week_start", "must be one of %s", strings.Join(preference.Weekdays, ", "))
		}
	}
	if in.DayStart != nil {
		p.DayStart = *in.DayStart
		if _, ok := preference.ParseDayStart(p.DayStart); !ok {
			fs.Add("/day_start", "must be a time of day from 00:00 to 23:59, such as 09:00")
		}
	}
	if in.Language != nil {
		p.Language = *in.Language
		if !slices.Contains(preference.Languages, p.Language) {
			fs.Add("/language", "must be one of %s", strings.Join(preference.Languages, ", "))
		}
	}
	if in.FirstStepsDismissed != nil {
		p.FirstStepsDismissed = *in.FirstStepsDismissed
	}
	return p, fs.Err()
}
