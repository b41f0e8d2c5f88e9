package quickadd

import "fmt"

// day is a date of the Gregorian calendar, as the number of days since 1970-01-01.
type day int

// dateOf returns a date, and whether the calendar has it.
func dateOf(year, month, dom int) (day, bool) {
	if year < 1 || year > 9999 || month < 1 || month > 12 || dom < 1 || dom > monthLength(year, month) {
		return 0, false
	}
	return days(year, month, dom), true
}

// days counts from the epoch; see Howard Hinnant, chrono-compatible low-level date algorithms, days_from_civil.
func days(year, month, dom int) day {
	if month <= 2 {
		year--
		month += 12
	}
	return day(365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 + dom - 1 - 719468)
}

// date is the opposite of days, from year 1 on.
func (d day) date() (year, month, dom int) {
	z := int(d) + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	year, month, dom = yoe+era*400, mp+3, doy-(153*mp+2)/5+1
	if month > 12 {
		return year + 1, month - 12, dom
	}
	return year, month, dom
}

// weekday counts from Monday, which is 0. Day 0 was a Thursday.
func (d day) weekday() int { return ((int(d)+3)%7 + 7) % 7 }

func monthLength(year, month int) int {
	switch {
	case month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// addMonths returns the same day of a later month, or its last if it is shorter.
func (d day) addMonths(n int) (day, bool) {
	year, month, dom := d.date()
	month += n - 1
	year, month = year+month/12, month%12+1
	return dateOf(year, month, min(dom, monthLength(year, month)))
}

// add returns the day n units later.
func (d day) add(n int, u unit) (day, bool) {
	freq, factor := u.calendar()
	n *= factor
	switch freq {
	case "DAILY":
		return d.within(n)
	case "WEEKLY":
		return d.within(7 * n)
	case "MONTHLY":
		return d.addMonths(n)
	case "YEARLY":
		return d.addMonths(12 * n)
	}
	return 0, false
}

func (d day) within(n int) (day, bool) {
	year, _, _ := (d + day(n)).date()
	return d + day(n), year <= 9999
}

// String is the ISO 8601 date.
func (d day) String() string {
	year, month, dom := d.date()
	return fmt.Sprintf("%04d-%02d-%02d", year, month, dom)
}
