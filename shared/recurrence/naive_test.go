package recurrence

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"
)

// naive evaluates a rule by checking every single day against each part of RFC 5545's table (3.3.10). It is slow, does not use
// the library, and parses the rule separately.
type naive struct {
	freq     string
	interval int
	wkst     time.Weekday
	by       map[string][]int
	days     []nthDay
	setpos   []int
	start    time.Time
	clamps   bool // a month without the start's day has its last day instead
}

type nthDay struct {
	n   int
	day time.Weekday
}

var names = map[string]time.Weekday{
	"SU": time.Sunday, "MO": time.Monday, "TU": time.Tuesday, "WE": time.Wednesday, "TH": time.Thursday, "FR": time.Friday, "SA": time.Saturday,
}

func newNaive(text string, start time.Time) naive {
	n := naive{interval: 1, wkst: time.Monday, by: map[string][]int{}, start: start}
	for part := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(part, "=")
		items := strings.Split(value, ",")
		switch name {
		case "FREQ":
			n.freq = value
		case "WKST":
			n.wkst = names[value]
		case "BYDAY":
			for _, item := range items {
				ordinal, _ := strconv.Atoi(item[:len(item)-2])
				n.days = append(n.days, nthDay{ordinal, names[item[len(item)-2:]]})
			}
		default:
			for _, item := range items {
				v, _ := strconv.Atoi(item)
				n.by[name] = append(n.by[name], v)
			}
		}
	}
	if v := n.by["INTERVAL"]; v != nil {
		n.interval = v[0]
	}
	n.setpos = n.by["BYSETPOS"]
	return n
}

func ordinalDay(d time.Time) int { return int(d.Unix() / 86400) }

// weekStart is the first day of d's week.
func (n naive) weekStart(d time.Time) time.Time {
	return d.AddDate(0, 0, -((int(d.Weekday()) - int(n.wkst) + 7) % 7))
}

func (n naive) period(d time.Time) int {
	switch n.freq {
	case "DAILY":
		return ordinalDay(d)
	case "WEEKLY":
		return ordinalDay(n.weekStart(d).AddDate(0, 0, 700_007)) / 7 // never negative, and a week is one number
	case "MONTHLY":
		return d.Year()*12 + int(d.Month())
	default:
		return d.Year()
	}
}

// either reports whether a value, counted from the front or from the back, is in the list, or the list is empty.
func either(list []int, front, back int) bool {
	return list == nil || slices.Contains(list, front) || slices.Contains(list, back)
}

func (n naive) lets(d time.Time) bool {
	monthDays := time.Date(d.Year(), d.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	yearDays := time.Date(d.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	if !either(n.by["BYMONTH"], int(d.Month()), 0) ||
		!either(n.by["BYMONTHDAY"], d.Day(), d.Day()-monthDays-1) ||
		!either(n.by["BYYEARDAY"], d.YearDay(), d.YearDay()-yearDays-1) {
		return false
	}
	if weeks := n.by["BYWEEKNO"]; weeks != nil {
		// A week belongs to the year that has at least four of its days.
		first := n.weekStart(d)
		year, number := first.AddDate(0, 0, 3).Year(), 0
		most := 0
		for week := n.weekStart(time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC)); week.AddDate(0, 0, 3).Year() == year; week = week.AddDate(0, 0, 7) {
			if most++; week.Equal(first) {
				number = most
			}
		}
		if !either(weeks, number, number-most-1) {
			return false
		}
	}
	if n.days != nil {
		return slices.ContainsFunc(n.days, func(x nthDay) bool { return n.isNth(d, x) })
	}
	// The rule names no day: the start does.
	if n.by["BYMONTHDAY"] != nil || n.by["BYYEARDAY"] != nil || n.freq == "DAILY" {
		return true
	}
	if n.freq == "WEEKLY" || n.by["BYWEEKNO"] != nil {
		return d.Weekday() == n.start.Weekday()
	}
	day := n.start.Day()
	if n.clamps && n.setpos == nil {
		day = min(day, monthDays)
	}
	return d.Day() == day && (n.freq == "MONTHLY" || n.by["BYMONTH"] != nil || d.Month() == n.start.Month())
}

// isNth counts the same weekdays before and after d in its month or year.
func (n naive) isNth(d time.Time, x nthDay) bool {
	if d.Weekday() != x.day {
		return false
	}
	if x.n == 0 {
		return true
	}
	same := func(o time.Time) bool {
		return o.Year() == d.Year() && (n.freq == "YEARLY" && n.by["BYMONTH"] == nil || o.Month() == d.Month())
	}
	nth, step := 1, -7
	if x.n < 0 {
		step = 7
	}
	for o := d.AddDate(0, 0, step); same(o); o = o.AddDate(0, 0, step) {
		nth++
	}
	return nth == max(x.n, -x.n)
}

// all yields the occurrences after the start until some day.
func (n naive) all(until time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		hour, minute, second := n.start.Clock()
		var set []time.Time
		flush := func() bool {
			for i, at := range set {
				if n.setpos != nil && !slices.Contains(n.setpos, i+1) && !slices.Contains(n.setpos, i-len(set)) {
					continue
				}
				if at.After(n.start) && !at.After(until) && !yield(at) {
					return false
				}
			}
			set = nil
			return true
		}
		first := n.period(n.start)
		last := first
		begin := time.Date(n.start.Year(), 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -7)
		for d := begin; !d.After(until.AddDate(1, 0, 0)); d = d.AddDate(0, 0, 1) {
			p := n.period(d)
			if p != last {
				if !flush() {
					return
				}
				last = p
			}
			if p >= first && (p-first)%n.interval == 0 && n.lets(d) {
				set = append(set, time.Date(d.Year(), d.Month(), d.Day(), hour, minute, second, 0, time.UTC))
			}
		}
	}
}

// drawRule generates rules of all kinds that Parse accepts.
func drawRule(t *rapid.T) string {
	freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
	var parts []string
	ints := func(name string, from ...int) {
		if rapid.IntRange(0, 2).Draw(t, name+"?") == 0 {
			list := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 4, rapid.ID[int]).Draw(t, name)
			parts = append(parts, name+"="+strings.Trim(strings.ReplaceAll(fmt.Sprint(list), " ", ","), "[]"))
		}
	}
	if rapid.Bool().Draw(t, "interval?") {
		parts = append(parts, fmt.Sprint("INTERVAL=", rapid.IntRange(1, 7).Draw(t, "interval")))
	}
	if rapid.Bool().Draw(t, "wkst?") {
		parts = append(parts, "WKST="+rapid.SampledFrom([]string{"MO", "SU", "SA", "WE"}).Draw(t, "wkst"))
	}
	ints("BYMONTH", 1, 2, 3, 4, 6, 9, 11, 12)
	if freq != "WEEKLY" {
		ints("BYMONTHDAY", 1, 2, 13, 28, 29, 30, 31, -1, -2, -29, -31)
	}
	weeks := false
	if freq == "YEARLY" {
		ints("BYYEARDAY", 1, 2, 59, 60, 61, 100, 365, 366, -1, -2, -365, -366)
		before := len(parts)
		ints("BYWEEKNO", 1, 2, 20, 26, 51, 52, 53, -1, -2, -52, -53)
		weeks = len(parts) > before
	}
	if rapid.Bool().Draw(t, "byday?") {
		days := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}), 1, 5, rapid.ID[string]).Draw(t, "byday")
		if (freq == "MONTHLY" || freq == "YEARLY") && !weeks {
			for i := range days {
				if n := rapid.SampledFrom([]int{0, 0, 1, 2, 4, 5, -1, -2, -5}).Draw(t, "nth"); n != 0 {
					days[i] = strconv.Itoa(n) + days[i]
				}
			}
		}
		parts = append(parts, "BYDAY="+strings.Join(days, ","))
	}
	if len(parts) > 0 && strings.HasPrefix(parts[len(parts)-1], "BY") {
		ints("BYSETPOS", 1, 2, 3, -1, -2)
	}
	return "FREQ=" + freq + ";" + strings.Join(append(parts, ""), ";")
}

func TestRulesMatchTheNaiveEvaluation(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSuffix(drawRule(t), ";")
		start := time.Date(rapid.IntRange(1970, 2120).Draw(t, "year"), 1, 1, 9, 30, 0, 0, time.UTC).
			AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day"))
		rule, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		until := start.AddDate(9, 0, 0)
		want := slices.Collect(newNaive(text, start).all(until))
		s := Series{Rule: rule, Start: start, Zone: time.UTC}
		var got []time.Time
		for at := range s.After(start) {
			if at.After(until) {
				break
			}
			got = append(got, at)
		}
		for i := range min(len(got), len(want)) {
			if !got[i].Equal(want[i]) {
				t.Fatalf("%s from %v: number %d is %v, want %v", text, start, i, got[i], want[i])
			}
		}
		if len(got) != len(want) {
			t.Fatalf("%s from %v: %d in nine years, want %d", text, start, len(got), len(want))
		}
		if len(want) == 0 {
			return
		}
		// Starting in the middle gives the same result as counting from the start.
		middle := want[rapid.IntRange(0, len(want)-1).Draw(t, "middle")]
		counted := s
		counted.Rule.count = MaxCount
		next, ok := first(s.After(middle))
		same, okToo := first(counted.After(middle))
		if ok != okToo || !next.Equal(same) {
			t.Fatalf("%s from %v after %v: %v, counted: %v", text, start, middle, next, same)
		}
	})
}

func first(seq iter.Seq[time.Time]) (time.Time, bool) {
	for at := range seq {
		return at, true
	}
	return time.Time{}, false
}

// COUNT counts from the start of the series, from wherever it is evaluated.
func TestCountIsCountedOverTheSeries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.TrimSuffix(drawRule(t), ";")
		count := rapid.IntRange(1, 12).Draw(t, "count")
		endless, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := Parse(text + fmt.Sprint(";COUNT=", count))
		if err != nil {
			t.Fatal(err)
		}
		s := Series{Rule: rule, Start: time.Date(2026, 3, 31, 8, 0, 0, 0, time.UTC), Zone: time.UTC}
		n, at := 1, s.Start
		for next := range (Series{Rule: endless, Start: s.Start, Zone: s.Zone}).After(s.Start) {
			got, ok := first(s.After(at))
			if ok != (n < count) || ok && !got.Equal(next) {
				t.Fatalf("%s;COUNT=%d: after number %d (%v) comes %v, %v, want %v", text, count, n, at, got, ok, next)
			}
			if !ok {
				return
			}
			n, at = n+1, next
		}
	})
}

func TestTheLibraryAcceptsWhatParseAccepts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rule, err := Parse(strings.TrimSuffix(drawRule(t), ";"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := rrule.NewRRule(rule.explicit(time.Now()).ROption); err != nil {
			t.Fatal(err)
		}
	})
}
