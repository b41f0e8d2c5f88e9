package preference

import "time"

// dayStart is the layout of DayStart.
const dayStart = "15:04"

// ParseDayStart parses a time of day on the 24-hour clock, such as 09:00, into the time since midnight.
func ParseDayStart(s string) (time.Duration, bool) {
	t, err := time.Parse(dayStart, s)
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, err == nil && len(s) == len(dayStart)
}
