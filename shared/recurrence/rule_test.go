package recurrence

import (
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
)

func TestErrorsNameTheInvalidPart(t *testing.T) {
	t.Parallel()
	for text, part := range map[string]string{
		"":                              `""`,
		"DAILY":                         "DAILY",
		"RRULE:FREQ=DAILY":              "RRULE:FREQ",
		"INTERVAL=2":                    "FREQ",
		"FREQ=SOMETIMES":                "FREQ",
		"FREQ=SECONDLY":                 "FREQ",
		"FREQ=MINUTELY;INTERVAL=30":     "FREQ",
		"FREQ=HOURLY":                   "FREQ",
		"FREQ=DAILY;FREQ=WEEKLY":        "FREQ",
		"FREQ=DAILY;":                   `""`,
		"FREQ=DAILY;COLOUR=RED":         "COLOUR",
		"FREQ=DAILY;BYEASTER=1":         "BYEASTER",
		"DTSTART=20260101;FREQ=DAILY":   "DTSTART",
		"FREQ=DAILY;COUNT=0":            "COUNT",
		"FREQ=DAILY;COUNT=x":            "COUNT",
		"FREQ=DAILY;COUNT=1000000":      "COUNT",
		"FREQ=DAILY;INTERVAL=0":         "INTERVAL",
		"FREQ=DAILY;INTERVAL=-1":        "INTERVAL",
		"FREQ=DAILY;INTERVAL=+2":        "INTERVAL",
		"FREQ=DAILY;INTERVAL=999999999": "INTERVAL",
		"FREQ=DAILY;INTERVAL=99999999999999999999":           "INTERVAL",
		"FREQ=DAILY;UNTIL=soon":                              "UNTIL",
		"FREQ=DAILY;UNTIL=20260230":                          "UNTIL",
		"FREQ=DAILY;UNTIL=20260101;COUNT=2":                  "UNTIL",
		"FREQ=WEEKLY;BYDAY=XX":                               "BYDAY",
		"FREQ=WEEKLY;BYDAY=":                                 "BYDAY",
		"FREQ=WEEKLY;BYDAY=1MO":                              "BYDAY",
		"FREQ=MONTHLY;BYDAY=0MO":                             "BYDAY",
		"FREQ=MONTHLY;BYDAY=6MO":                             "BYDAY",
		"FREQ=YEARLY;BYDAY=54MO":                             "BYDAY",
		"FREQ=YEARLY;BYMONTH=1;BYDAY=-6MO":                   "BYDAY",
		"FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO":                   "BYDAY",
		"FREQ=WEEKLY;BYMONTHDAY=1":                           "BYMONTHDAY",
		"FREQ=MONTHLY;BYMONTHDAY=32":                         "BYMONTHDAY",
		"FREQ=MONTHLY;BYMONTHDAY=0":                          "BYMONTHDAY",
		"FREQ=MONTHLY;BYYEARDAY=1":                           "BYYEARDAY",
		"FREQ=YEARLY;BYYEARDAY=367":                          "BYYEARDAY",
		"FREQ=MONTHLY;BYWEEKNO=1":                            "BYWEEKNO",
		"FREQ=YEARLY;BYWEEKNO=54":                            "BYWEEKNO",
		"FREQ=DAILY;BYMONTH=13":                              "BYMONTH",
		"FREQ=DAILY;BYHOUR=24":                               "BYHOUR",
		"FREQ=DAILY;BYMINUTE=60":                             "BYMINUTE",
		"FREQ=DAILY;BYSECOND=61":                             "BYSECOND",
		"FREQ=MONTHLY;BYSETPOS=1":                            "BYSETPOS",
		"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=367":                 "BYSETPOS",
		"FREQ=DAILY;WKST=1MO":                                "WKST",
		"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40": "BYHOUR",
	} {
		if _, err := Parse(text); err == nil || !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v, want something about %s", text, err, part)
		}
	}
}

func TestARuleMayBeInSmallLetters(t *testing.T) {
	t.Parallel()
	if _, err := Parse("freq=weekly;byday=mo;until=20270101t000000z"); err != nil {
		t.Error(err)
	}
}

// Each of these makes the library search up to the year 9999, wherever it starts.
func TestRulesThatNeverRecurAreDetectedQuickly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-30",
		"FREQ=YEARLY;BYYEARDAY=1;BYMONTH=2", "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1", "FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=8",
		"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2", "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYHOUR=0,1,2,3,4,5", "FREQ=YEARLY;INTERVAL=1000", "FREQ=YEARLY;BYWEEKNO=1;BYSETPOS=366;BYHOUR=0,1,2,3,4,5,6,7,8",
	} {
		rule, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		for _, year := range []int{1, 1601, 2027, 2359, 2361, 5555, 9999} {
			if (Series{Rule: rule, Start: time.Date(year, 5, 5, 0, 0, 0, 0, time.UTC), Zone: time.UTC}).Recurs() {
				t.Errorf("%s from %d recurs", text, year)
			}
		}
	}
}

func TestASeriesMayBeginAndEndAnywhere(t *testing.T) {
	t.Parallel()
	rule, _ := Parse("FREQ=DAILY")
	old := Series{Rule: rule, Start: time.Date(1, 1, 1, 9, 0, 0, 0, time.UTC), Zone: time.UTC}
	now := time.Date(2027, 6, 1, 12, 0, 0, 0, time.UTC)
	if next, ok := first(old.After(now)); !ok || !next.Equal(time.Date(2027, 6, 2, 9, 0, 0, 0, time.UTC)) {
		t.Error(next, ok)
	}
	end := Series{Rule: rule, Start: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), Zone: time.UTC}
	if next, ok := first(end.After(end.Start)); ok {
		t.Error(next)
	}
}

func FuzzParse(f *testing.F) {
	for _, x := range examples {
		f.Add(x.rule, int64(872_899_200))
	}
	f.Add("FREQ=YEARLY;BYDAY=53MO,-53SU;BYHOUR=23;BYSECOND=60", int64(-62_135_596_800))
	f.Add("FREQ=MONTHLY;BYDAY=-5MO;BYSETPOS=-366", int64(253_402_300_799))
	f.Fuzz(func(t *testing.T, text string, start int64) {
		rule, err := Parse(text)
		if err != nil {
			return
		}
		const first, last = -62_135_596_800, 253_402_300_799 // the years 1 to 9999
		s := Series{Rule: rule, Start: time.Unix(first+(start-first)%(last-first), 0).UTC(), Zone: wallclock.Zone("Europe/Berlin")}
		latest, n := s.Start, 0
		for at := range s.After(s.Start) {
			if !at.After(latest) {
				t.Fatalf("%s: %v after %v", text, at, latest)
			}
			if latest = at; n == 20 {
				break
			}
			n++
		}
		if next, ok := s.AfterCompletion(s.Start, s.Start, 1); ok && !next.After(s.Start) {
			t.Fatalf("%s: %v after the completion at %v", text, next, s.Start)
		}
	})
}
