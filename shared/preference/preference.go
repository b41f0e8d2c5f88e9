// Package preference is what a user has chosen for all tasks.
package preference

// Preferences of a user.
type Preferences struct {
	Timezone         string `json:"timezone"`          // IANA name
	ReminderLead     string `json:"reminder_lead"`     // ISO 8601 duration before a task is due
	OverdueReminders bool   `json:"overdue_reminders"` // remind of what is overdue, once a day
	WeekStart        string `json:"week_start"`        // a weekday in English, lower case
	DayStart         string `json:"day_start"`         // 24-hour time of day, such as 09:00, from which reminders of a day count

	// Language of the mail to the user, one of Languages. JSON has it only once the user or a registration in German or Spanish
	// has set it; until then it is English.
	Language string `json:"language,omitempty"`

	// FirstStepsDismissed ends what the dashboard suggests to try first. JSON has it only once it is true.
	FirstStepsDismissed bool `json:"first_steps_dismissed,omitempty"`
}

// Languages are the values of Language.
var Languages = []string{"en", "de", "es"}

// Weekdays are the values of WeekStart.
var Weekdays = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

// Versioned are preferences as they were written at some moment: a greater version is newer, 0 is before the first.
type Versioned struct {
	Preferences
	Version int64 `json:"version"`
}

// Default is what holds until a user says otherwise.
func Default() Preferences {
	return Preferences{Timezone: "UTC", ReminderLead: "PT1H", OverdueReminders: true, WeekStart: "monday", DayStart: "09:00"}
}
