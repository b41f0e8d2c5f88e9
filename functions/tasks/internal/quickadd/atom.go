package quickadd

// atom is a part of the text that has a meaning: the words from one token to before another.
type atom struct {
	from, to int
	kind     Kind
	needs    need

	day     *dayWord  // of the due
	end     *dayWord  // the last day of a range that begins with day or start
	start   *dayWord  // "starting monday"
	until   *dayWord  // "until 31 december"
	time    *timeWord // "at 5pm"
	minutes int       // "in 2 hours"
	rule    *rule     // "every 2 weeks"
	span    *span     // "for 3 weeks"
	after   bool      // "after completion"
	another bool      // "and evening" after "every morning"
	blocked bool      // "friday" after "before"
	label   string    // the priority, project or tag
}

// scheduled reports whether the atom says when, and not what.
func (a atom) scheduled() bool { return (a.kind == Due || a.kind == Repeat) && !a.another }

// timed reports whether the atom names a time of day.
func (a atom) timed() bool { return a.time != nil || a.rule != nil && a.rule.time != nil }

// yearly reports whether the atom is "every year", without a day.
func (a atom) yearly() bool { return a.rule != nil && a.rule.freq == "YEARLY" && !a.rule.dated() }

// namesDay reports whether the atom says on which days, in whatever way.
func (a atom) namesDay() bool {
	return a.day != nil || a.start != nil || a.minutes > 0 || a.rule != nil && !a.yearly() || a.time != nil && a.time.today
}

// need is what must stand around an atom for it to count: its words are common in titles too.
type need int

const (
	needNothing       need = 0
	needEnd           need = 1 << iota // nothing but other atoms follows
	needBeginning                      // it begins the text
	needAfterDue                       // another due or repetition ends directly before it
	needAfterDueAtEnd                  // the same, and it ends the text
	needNearDue                        // another due or repetition is beside it
	needRule                           // there is a repetition
	needRuleNear                       // there is a repetition, and another atom or an end of the text is beside it
	needTimeBehind                     // a time or "every year" is directly behind it, only other atoms follow, and none names a day
)

// dayForm is how a day was named.
type dayForm int

const (
	fixedDay dayForm = iota // a date with its year, or one that is counted from today
	weekday                 // "friday": the coming one
	monthDay                // "the 15th": the next one
	yearDay                 // "24 december": the next one
)

// dayWord is a named day.
type dayWord struct {
	form    dayForm
	fixed   day
	weekday int  // of weekday, and of a date that also names its weekday; else -1
	month   int  // of yearDay
	dom     int  // of monthDay and yearDay
	week    bool // "next week": fixed, unless a weekday is named too
}

// timeWord is a time of day.
type timeWord struct {
	hour, minute int
	form         timeForm
	part         string // of partOfDay: "morning", "night"; else ""
	today        bool   // "tonight", and "eod" where no other day is named
	weakToday    bool   // today unless another day is named: "eod"
	small        bool   // "at 3 at night": today's are those of the coming night
}

// timeForm is how a time was written: beside a part of the day, "7" and "7:30" mean another hour than alone.
type timeForm int

const (
	exactTime    timeForm = iota // 5pm, noon
	clockTime                    // 17:00, 7:30
	bareTime                     // at 7
	partOfDay                    // morning
	midnightTime                 // 00:00 of the day after, and up to an hour later
)

// span is the length of a series: "for 3 weeks", or of N times.
type span struct {
	n    int
	unit unit // empty: times
}
