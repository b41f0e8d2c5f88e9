package quickadd

import (
	_ "embed"
	"encoding/json"
	"slices"
)

// wordsJSON is the vocabulary. The dashboard's grammar has a copy of it, frontend/src/lib/quickadd/words.json.
//
//go:generate cp words.json ../../../../frontend/src/lib/quickadd/words.json
//go:embed words.json
var wordsJSON []byte

var words = func() (w vocabulary) {
	if err := json.Unmarshal(wordsJSON, &w); err != nil {
		panic(err)
	}
	return w
}()

// vocabulary has each word in lower case. Weekdays count from Monday, which is 0.
type vocabulary struct {
	Weekdays             map[string]int
	WeekdayPlurals       map[string]int
	WeekdaysThatAreWords []string // such as "sun": a day only where the text around it says so
	Months               map[string]int
	Numbers              map[string]int
	Ordinals             map[string]int
	Units                map[string]unit
	GluedUnits           map[string]unit // as in "in 2h"
	Adverbs              map[string]adverb
	Times                map[string][2]int
	SpokenMinutes        map[string]int // before "past" and "to" an hour
	DayGroups            map[string][]int
	Priorities           map[string]string
	Repetition           []string // words that must not be left over
	NotADue              []string // words that give the day or time after them another meaning: "before friday"
	NotAWeekday          []string // the same for the name of a day: "last friday", "black friday"
}

// unit is a span of time: minute, hour, day, week, fortnight, month, quarter or year.
type unit string

// adverb is a frequency and an interval, such as ["WEEKLY", 2].
type adverb struct {
	freq     string
	interval int
}

// UnmarshalJSON reads the pair.
func (a *adverb) UnmarshalJSON(b []byte) error {
	return json.Unmarshal(b, &[]any{&a.freq, &a.interval})
}

// calendar returns a unit of days or more as a frequency of RFC 5545 and a factor: a quarter is three months.
func (u unit) calendar() (freq string, factor int) {
	switch u {
	case "day":
		return "DAILY", 1
	case "week":
		return "WEEKLY", 1
	case "fortnight":
		return "WEEKLY", 2
	case "month":
		return "MONTHLY", 1
	case "quarter":
		return "MONTHLY", 3
	case "year":
		return "YEARLY", 1
	}
	return "", 0
}

func oneOf(word string, list ...string) bool { return slices.Contains(list, word) }
