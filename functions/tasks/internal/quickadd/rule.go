package quickadd

import (
	"slices"
	"strconv"
	"strings"
)

// rule is a recurrence rule: the part of RFC 5545 that words can name.
type rule struct {
	freq       string
	interval   int
	months     []int
	monthDays  []int
	weekdays   []nthWeekday
	setPos     int
	completion bool
	time       *timeWord // "every morning"
}

// nthWeekday is a weekday, and the how manieth of its month it is; 0 for each.
type nthWeekday struct{ nth, weekday int }

// dated reports whether the rule names its days, and not only how often it recurs.
func (r *rule) dated() bool { return len(r.months)+len(r.monthDays)+len(r.weekdays) > 0 }

// several reports whether the rule names more than one day of a month.
func (r *rule) several() bool { return r.setPos == 0 && len(r.monthDays)+len(r.weekdays) > 1 }

var weekdayCodes = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

// text writes the rule, with its COUNT or UNTIL.
func (r *rule) text(count int, until string) string {
	parts := []string{"FREQ=" + r.freq}
	add := func(name, value string) { parts = append(parts, name+"="+value) }
	if r.interval > 1 {
		add("INTERVAL", strconv.Itoa(r.interval))
	}
	if count > 0 {
		add("COUNT", strconv.Itoa(count))
	}
	if until != "" {
		add("UNTIL", until)
	}
	if len(r.months) > 0 {
		add("BYMONTH", list(r.months))
	}
	if len(r.monthDays) > 0 {
		add("BYMONTHDAY", list(r.monthDays))
	}
	if len(r.weekdays) > 0 {
		var codes []string
		for _, d := range r.weekdays {
			nth := ""
			if d.nth != 0 {
				nth = strconv.Itoa(d.nth)
			}
			codes = append(codes, nth+weekdayCodes[d.weekday])
		}
		add("BYDAY", strings.Join(codes, ","))
	}
	if r.setPos != 0 {
		add("BYSETPOS", strconv.Itoa(r.setPos))
	}
	return strings.Join(parts, ";")
}

func list(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return strings.Join(texts, ",")
}

// weekly is a rule for weekdays, in the order of the week.
func weekly(interval int, weekdays []int) rule {
	r := rule{freq: "WEEKLY", interval: interval}
	slices.Sort(weekdays)
	for _, wd := range slices.Compact(weekdays) {
		r.weekdays = append(r.weekdays, nthWeekday{0, wd})
	}
	return r
}
