package quickadd

import "slices"

// meaning is what all atoms of a text say together.
type meaning struct {
	days     []dayWord
	time     *timeWord
	minutes  int
	rule     *rule
	start    *dayWord
	end      *dayWord // of a range of days
	until    *dayWord
	span     *span
	priority string
	project  string
	tags     []string
}

// meaningOf returns false if two atoms contradict each other, or say what one task cannot be: "at 8am and 8pm".
func meaningOf(atoms []atom) (m meaning, ok bool) {
	completion := false
	for _, a := range atoms {
		ok := !a.another && m.label(a) && m.addTime(a.time) &&
			once(&m.minutes, a.minutes) && once(&m.rule, a.rule) && once(&m.start, a.start) &&
			once(&m.until, a.until) && once(&m.span, a.span)
		if !ok {
			return m, false
		}
		if a.day != nil {
			m.days = append(m.days, *a.day)
		}
		if a.rule != nil && !m.addTime(a.rule.time) {
			return m, false
		}
		if a.end != nil {
			m.end = a.end
		}
		completion = completion || a.after
	}
	if m.rule != nil {
		own := *m.rule
		own.completion = own.completion || completion
		m.rule = &own
	}
	return m, true
}

// once sets what is said, unless it was said before.
func once[T comparable](to *T, said T) bool {
	var unsaid T
	if said == unsaid {
		return true
	}
	if *to != unsaid {
		return false
	}
	*to = said
	return true
}

// label adds a priority, project or tag.
func (m *meaning) label(a atom) bool {
	switch a.kind {
	case Priority:
		return m.priority == a.label || once(&m.priority, a.label)
	case Project:
		m.project = a.label
	case Tag:
		if !slices.Contains(m.tags, a.label) {
			m.tags = append(m.tags, a.label)
		}
	}
	return true
}

// addTime adds a time of day. A part of the day and a time within it are one: "tomorrow evening at 7".
func (m *meaning) addTime(t *timeWord) bool {
	if t == nil || m.time == nil {
		if t != nil {
			m.time = t
		}
		return true
	}
	a, b := *m.time, *t
	if a.form != partOfDay {
		a, b = b, a
	}
	if a.form == partOfDay && b.form != partOfDay {
		var ok bool
		if b, ok = within(a, b); !ok {
			return false
		}
	} else if a.hour != b.hour || a.minute != b.minute || a.part != b.part || (a.form == midnightTime) != (b.form == midnightTime) {
		return false // else the same time in two forms: "12:00 at noon"
	}
	b.today = a.today || b.today
	b.weakToday = a.weakToday || b.weakToday
	m.time = &b
	return true
}

// partHours has the hours of each part of the day, from the first to before the second.
var partHours = map[string][2]int{
	"morning": {0, 12}, "afternoon": {12, 19}, "evening": {16, 24}, "night": {18, 24}, atNight: {0, 24},
}

// atNight is the part of the day of "at 3 at night". The small hours are a part of it, but not of "friday night".
const atNight = "at night"

// dawn is the first hour that is not a small one.
const dawn = 6

// within returns a time as it is meant in a part of the day: 7 in the morning, 7:30 in the evening.
func within(part, t timeWord) (timeWord, bool) {
	late := part.part != "morning"
	night := part.part == "night" || part.part == atNight
	switch {
	case t.form == midnightTime:
		return t, night
	case night && (t.hour == 0 || t.hour == 12 && t.form != exactTime):
		t.hour, t.form = 0, midnightTime
		return t, true
	case t.form == bareTime && t.hour == 12:
		// Noon, whatever the part.
	case t.form == bareTime, t.form == clockTime && t.hour < 12 && late:
		t.hour %= 12
		t.small = part.part == atNight && t.hour < dawn
		if late && !t.small {
			t.hour += 12
		}
	}
	hours := partHours[part.part]
	t.form = exactTime
	return t, t.hour >= hours[0] && t.hour < hours[1]
}
