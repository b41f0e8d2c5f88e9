package when

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestParse(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 14, 30, 0, 0, berlin(t)) // a Tuesday
	for said, want := range map[string]string{
		"today":                         "2026-11-24",
		"Tomorrow":                      "2026-11-25",
		"tomorrow at 5pm":               "2026-11-25 17:00",
		"tomorrow, 17:00":               "2026-11-25 17:00",
		"tomorrow 5:30 pm":              "2026-11-25 17:30",
		"tomorrow morning":              "2026-11-25 09:00",
		"tomorrow in the evening":       "2026-11-25 19:00",
		"today at noon":                 "2026-11-24 12:00",
		"tonight":                       "2026-11-24 20:00",
		"this evening":                  "2026-11-24 19:00",
		"yesterday":                     "2026-11-23",
		"day after tomorrow":            "2026-11-26",
		"the day after tomorrow at 8am": "2026-11-26 08:00",
		"friday":                        "2026-11-27",
		"fri":                           "2026-11-27",
		"on friday":                     "2026-11-27",
		"by Friday 9am":                 "2026-11-27 09:00",
		"this friday at 9":              "2026-11-27 09:00",
		"9am friday":                    "2026-11-27 09:00",
		"tuesday":                       "2026-12-01",
		"next friday":                   "2026-12-04",
		"next monday at 09:00":          "2026-11-30 09:00",
		"next sunday":                   "2026-12-06",
		"last monday":                   "2026-11-23",
		"last tuesday":                  "2026-11-17",
		"next week":                     "2026-11-30",
		"next month":                    "2026-12-01",
		"next year":                     "2027-01-01",
		"end of week":                   "2026-11-29",
		"end of the month at 6pm":       "2026-11-30 18:00",
		"end of year":                   "2026-12-31",
		"the weekend":                   "2026-11-28",
		"this weekend":                  "2026-11-28",
		"in 3 days":                     "2026-11-27",
		"in three days at 8am":          "2026-11-27 08:00",
		"in two weeks":                  "2026-12-08",
		"in a week":                     "2026-12-01",
		"2 weeks from now":              "2026-12-08",
		"in 3 months":                   "2027-02-24",
		"in a year":                     "2027-11-24",
		"3 days ago":                    "2026-11-21",
		"in an hour":                    "2026-11-24 15:30",
		"in half an hour":               "2026-11-24 15:00",
		"in 90 minutes":                 "2026-11-24 16:00",
		"in 2 hours":                    "2026-11-24 16:30",
		"5pm":                           "2026-11-24 17:00",
		"at 17:30":                      "2026-11-24 17:30",
		"9am":                           "2026-11-25 09:00", // today's has passed
		"12am":                          "2026-11-25 00:00",
		"noon tomorrow":                 "2026-11-25 12:00",
		"Dec 24":                        "2026-12-24",
		"24 December":                   "2026-12-24",
		"December 24th at 6pm":          "2026-12-24 18:00",
		"24th of december":              "2026-12-24",
		"24 nov":                        "2026-11-24",
		"23 nov":                        "2027-11-23",
		"jan 5 2028":                    "2028-01-05",
		"feb 29":                        "2028-02-29",
		"the 3rd":                       "2026-12-03",
		"the 31st":                      "2026-12-31",
		"the 24th":                      "2026-11-24",
		"2026-12-01":                    "2026-12-01",
		"2026-12-01 at 8am":             "2026-12-01 08:00",
		"2026-12-01 08:15":              "2026-12-01 08:15",
		"2026-12-01T08:15:30":           "2026-12-01 08:15",
		"2026-12-01T08:15:00Z":          "2026-12-01 09:15",
		"2026-12-01t08:15:00+01:00":     "2026-12-01 08:15",
	} {
		got, err := Parse(said, now, time.Monday)
		if err != nil {
			t.Errorf("%q: %v", said, err)
			continue
		}
		layout := "2006-01-02"
		if got.Clock {
			layout += " 15:04"
		}
		if s := got.In(now.Location()).Format(layout); s != want {
			t.Errorf("%q is %s, not %s", said, s, want)
		}
	}
	for _, said := range []string{
		"", " ", "asap", "5 apples tomorrow", "tomorrow or friday", "25:99", "13pm", "0am", "24:00", "9", "12/24", "tomorrow tomorrow",
		"next", "in days", "in -3 days", "in 99999999999999999999 years", "february 30", "feb 30 2027", "2026-02-30", "in 3", "end of", "the", "at",
		"friday saturday", "tomorrow at", "this week", "midnight", "last week", "the 32nd", "now", "2026-12-01T25:00:00Z", "next asap",
	} {
		if got, err := Parse(said, now, time.Monday); err == nil {
			t.Errorf("%q is %v", said, got)
		}
	}
}

// TestParse_AcrossDST: a day is a calendar day, however many hours it has.
func TestParse_AcrossDST(t *testing.T) {
	t.Parallel()
	now := time.Date(2027, 3, 27, 9, 0, 0, 0, berlin(t)) // the clocks go forward in the following night
	for said, want := range map[string]string{
		"tomorrow at 9am": "2027-03-28T09:00:00+02:00", "in 24 hours": "2027-03-28T10:00:00+02:00", "in 2 days": "2027-03-29T00:00:00+02:00",
	} {
		got, err := Parse(said, now, time.Monday)
		if err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("%q is %v, %v, not %s", said, got, err, want)
		}
	}
}

func TestParse_WeekStart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)
	for start, want := range map[time.Weekday]string{time.Monday: "2026-12-06", time.Sunday: "2026-11-29", time.Saturday: "2026-11-29"} {
		if got, err := Parse("next sunday", now, start); err != nil || got.Format("2006-01-02") != want {
			t.Errorf("weeks from %s: %v, %v, not %s", start, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"tomorrow at 5pm", "in 3 months", "the 31st", "2026-12-01T08:15:00Z", "end of the month", "feb 29 noon"} {
		f.Add(s, int64(1795530600))
	}
	f.Fuzz(func(t *testing.T, said string, at int64) {
		now := time.Unix(at%253402300799, 0).In(berlin(t))
		got, err := Parse(said, now, time.Monday)
		if err == nil && (got.UTC().Year() < 1 || got.UTC().Year() > 9999) {
			t.Errorf("%q is %v", said, got)
		}
	})
}
