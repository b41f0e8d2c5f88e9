// Package when reads dates as people say them, in English: "tomorrow at 5pm", "next friday", "in 3 days".
//
// It knows few forms and refuses all others. The libraries that know more guess: given "in 3 months" one answers
// with a day in the past, given "dec 24" another with tomorrow, and neither says that it did not understand.
// A model that is told what it may write writes that; a wrong date would be found out too late.
package when

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"taskwire.dev/shared/wallclock"
)

// Time is what was read.
type Time struct {
	time.Time
	Clock bool // a time of day was said; else it is the start of the day
}

// Forms tells, in a sentence for a model, what Parse reads.
const Forms = `RFC 3339 ("2026-12-01T09:00:00+01:00"), a date ("2026-12-01"), or words: ` +
	`"today", "tomorrow", "friday", "next friday" (of next week), "dec 24", "in 3 days", "in 2 hours", "next week", "end of month", ` +
	`each with a time if need be ("tomorrow at 17:00", "friday 9am", "tonight")`

// maxText is the longest text that is looked at.
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

// Parse reads a date, seen from now and in the zone of now. Weeks start at weekStart.
func Parse(text string, now time.Time, weekStart time.Weekday) (Time, error) {
	said := strings.TrimSpace(spaces.ReplaceAllString(text, " "))
	if len(said) > maxText {
		said = said[:maxText] + "…"
	} else if t, ok := read(said, now, weekStart); ok {
		if y := t.UTC().Year(); y >= 1 && y <= 9999 {
			return t, nil
		}
	}
	return Time{}, fmt.Errorf("cannot read %q as a date: write %s", said, Forms)
}

func read(said string, now time.Time, weekStart time.Weekday) (Time, bool) {
	if t, err := time.Parse(time.RFC3339, strings.ToUpper(said)); err == nil {
		return Time{t, true}, true
	}
	said = strings.ToLower(said)
	for _, form := range local {
		if t, err := time.Parse(form.layout, said); err == nil {
			return Time{wallclock.At(t, now.Location()).In(now.Location()), form.clock}, true
		}
	}
	p := &phrase{words: strings.Fields(said), now: now, wall: wallclock.Of(now, now.Location()), weekStart: weekStart}
	return p.read()
}

// phrase is a text on its way to being read, word by word. Days and times of day are counted on the wall clock, which
// no change of the clocks disturbs, and placed in the zone once they are read (package wallclock).
type phrase struct {
	words     []string
	now       time.Time
	wall      time.Time // what the clocks show now
	weekStart time.Weekday
}

// read reads a span from now, or a day and a time of day in any order. All words must be understood.
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
		t = p.place(c.on(p.wall.AddDate(0, 0, 1))) // a time that has passed is tomorrow's
	}
	return Time{t, true}, true
}

// at reads what is left as a time of that day, or nothing.
func (p *phrase) at(day time.Time) (Time, bool) {
	if len(p.words) == 0 {
		return Time{p.place(startOf(day)), false}, true
	}
	c, ok := p.clock()
	return Time{p.place(c.on(day)), true}, ok && len(p.words) == 0
}

// place turns a wall-clock time into the instant in the zone of now.
func (p *phrase) place(wall time.Time) time.Time {
	return wallclock.At(wall, p.now.Location()).In(p.now.Location())
}

// take takes the next words when they are these.
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

// skip takes a word that says nothing, if it is there.
func (p *phrase) skip(words ...string) {
	for _, w := range words {
		if p.take(w) {
			return
		}
	}
}

// next takes the next word, or "".
func (p *phrase) next() string {
	if len(p.words) == 0 {
		return ""
	}
	w := p.words[0]
	p.words = p.words[1:]
	return w
}

// try keeps what f took only if f succeeds.
func (p *phrase) try(f func() bool) bool {
	before := p.words
	if f() {
		return true
	}
	p.words = before
	return false
}

// startOf is the start of the day of a wall-clock time.
func startOf(wall time.Time) time.Time { return wallclock.DateOf(wall) }
