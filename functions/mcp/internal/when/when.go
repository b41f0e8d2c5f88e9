// Package when parses dates as people write them, in English: "tomorrow at 5pm", "next friday", "in 3 days".
//
// It knows few forms and rejects all others. Libraries that know more guess: given "in 3 months" one returns a day in
// the past, given "dec 24" another returns tomorrow, and neither reports that it did not understand. A model that is
// told the accepted forms uses them; a wrong date would be noticed too late.
package when

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"taskwire.dev/shared/wallclock"
)

// Time is the result of Parse.
type Time struct {
	time.Time
	Clock bool // a time of day was given; otherwise it is the start of the day
}

// Forms describes, in a sentence for a model, what Parse accepts.
const Forms = `RFC 3339 ("2026-12-01T09:00:00+01:00"), a date ("2026-12-01"), or words: ` +
	`"today", "tomorrow", "friday", "next friday" (of next week), "dec 24", "in 3 days", "in 2 hours", "next week", "end of month", ` +
	`each with a time if need be ("tomorrow at 17:00", "friday 9am", "tonight")`

// maxText is the longest accepted text.
const maxText = 100

// local are forms without a zone.
var local = []struct {
	layout string
	clock  bool
}{
	{"2006-01-02", false},
	{"2006-01-02 15:04", true},
	{"2006-01-02t15:04", true},
	{"2006-01-02t15:04:05", true},
	{"2006-01-02 15:04:05", true},
}

var spaces = regexp.MustCompile(`[\s,]+`)

// Parse parses a date relative to now, in the zone of now. Weeks start at weekStart.
func Parse(text string, now time.Time, weekStart time.Weekday) (Time, error) {
	text = strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	if len(text) > maxText {
		text = text[:maxText] + "…"
	} else if t, ok := read(text, now, weekStart); ok {
		if y := t.UTC().Year(); y >= 1 && y <= 9999 {
			return t, nil
		}
	}
	return Time{}, fmt.Errorf("cannot read %q as a date: write %s", text, Forms)
}

func read(text string, now time.Time, weekStart time.Weekday) (Time, bool) {
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return Time{t, true}, true
	}
	text = strings.ToLower(text)
	for _, form := range local {
		if t, err := time.Parse(form.layout, text); err == nil {
			return Time{wallclock.At(t, now.Location()).In(now.Location()), form.clock}, true
		}
	}
	p := &phrase{words: strings.Fields(text), now: now, wall: wallclock.Of(now, now.Location()), weekStart: weekStart}
	return p.read()
}

// phrase is a text that is being parsed, word by word. Days and times of day are computed on the wall clock, which
// clock changes do not affect, and converted to the zone at the end (package wallclock).
type phrase struct {
	words     []string
	now       time.Time
	wall      time.Time // current wall-clock time
	weekStart time.Weekday
}

// read parses a span from now, or a day and a time of day in any order. All words must be understood.
func (p *phrase) read() (Time, bool) {
	if t, ok := p.span(); ok {
		if t.Clock {
			return t, len(p.words) == 0
		}
		return p.at(t.Time)
	}
	if day, ok := p.day(); ok {
		return p.at(day)
	}
	c, ok := p.clock()
	if !ok {
		return Time{}, false
	}
	if len(p.words) > 0 {
		day, ok := p.day()
		return Time{p.place(c.on(day)), true}, ok && len(p.words) == 0
	}
	t := p.place(c.on(p.wall))
	if !t.After(p.now) {
		t = p.place(c.on(p.wall.AddDate(0, 0, 1))) // a time that has passed means tomorrow
	}
	return Time{t, true}, true
}

// at parses the remaining words as a time of that day, or nothing.
func (p *phrase) at(day time.Time) (Time, bool) {
	if len(p.words) == 0 {
		return Time{p.place(startOf(day)), false}, true
	}
	c, ok := p.clock()
	return Time{p.place(c.on(day)), true}, ok && len(p.words) == 0
}

// place converts a wall-clock time to the instant in the zone of now.
func (p *phrase) place(wall time.Time) time.Time {
	return wallclock.At(wall, p.now.Location()).In(p.now.Location())
}

// take consumes the next words if they match.
func (p *phrase) take(words ...string) bool {
	if len(p.words) < len(words) {
		return false
	}
	for i, w := range words {
		if p.words[i] != w {
			return false
		}
	}
	p.words = p.words[len(words):]
	return true
}

// skip consumes a filler word, if it is there.
func (p *phrase) skip(words ...string) {
	for _, w := range words {
		if p.take(w) {
			return
		}
	}
}

// next consumes the next word, or returns "".
func (p *phrase) next() string {
	if len(p.words) == 0 {
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

// try consumes words only if f succeeds.
func (p *phrase) try(f func() bool) bool {
	before := p.words
	if f() {
		return true
	}
	p.words = before
	return false
}

// startOf returns the start of the day of a wall-clock time.
func startOf(wall time.Time) time.Time { return wallclock.DateOf(wall) }
