package task

import (
	"errors"
	"time"

	"taskwire.dev/shared/wallclock"
)

// Date is a day of the calendar, without a time and without a zone: it begins at another instant in each zone.
type Date struct{ midnight time.Time } // as a wall-clock time, see package wallclock

// DateOf returns the day of a wall-clock time.
func DateOf(wall time.Time) Date { return Date{wallclock.DateOf(wall)} }

// ParseDate parses a day of the years 1 to 9999, such as 2026-12-01.
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Date{t}, err == nil && t.Year() >= 1
}

// Midnight returns the beginning of the day as a wall-clock time.
func (d Date) Midnight() time.Time { return d.midnight }

// Start returns the instant at which the day begins in a zone.
func (d Date) Start(zone *time.Location) time.Time { return wallclock.At(d.midnight, zone) }

// AddDays returns the day that many days later.
func (d Date) AddDays(days int) Date { return Date{d.midnight.AddDate(0, 0, days)} }

// MoveDays returns the day that many days later, or d if that is after wallclock.LastYear.
func (d Date) MoveDays(days int) Date {
	if moved := d.AddDays(days); moved.midnight.Year() <= wallclock.LastYear {
		return moved
	}
	return d
}

// String returns the day as in JSON.
func (d Date) String() string { return d.midnight.Format(time.DateOnly) }

// MarshalText returns the day as in JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

var errNoDate = errors.New("not a date")

// UnmarshalText parses the day.
func (d *Date) UnmarshalText(text []byte) error {
	parsed, ok := ParseDate(string(text))
	if !ok {
		return errNoDate
	}
	*d = parsed
	return nil
}
