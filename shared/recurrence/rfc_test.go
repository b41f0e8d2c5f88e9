package recurrence

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The examples of RFC 5545, 3.8.5.3, with the dates listed there: all start at 09:00 in America/New_York. "…" means that the
// series continues.
var examples = []struct{ start, rule, want string }{
	{"19970902", "FREQ=DAILY;COUNT=10", "1997 Sep 2-11"},
	{"19970902", "FREQ=DAILY;UNTIL=19971224T000000Z", "1997 Sep 2-30 Oct 1-31 Nov 1-30 Dec 1-23"},
	{"19970902", "FREQ=DAILY;INTERVAL=2", "1997 Sep 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 Oct 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 Nov 1 3 5 …"},
	{"19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 Sep 2 12 22 Oct 2 12"},
	{"19980101", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", "1998 Jan 1-31 1999 Jan 1-31 2000 Jan 1-31"},
	{"19980101", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998 Jan 1-31 1999 Jan 1-31 2000 Jan 1-31"},
	{"19970902", "FREQ=WEEKLY;COUNT=10", "1997 Sep 2 9 16 23 30 Oct 7 14 21 28 Nov 4"},
	{"19970902", "FREQ=WEEKLY;UNTIL=19971224T000000Z", "1997 Sep 2 9 16 23 30 Oct 7 14 21 28 Nov 4 11 18 25 Dec 2 9 16 23"},
	{"19970902", "FREQ=WEEKLY;INTERVAL=2;WKST=SU", "1997 Sep 2 16 30 Oct 14 28 Nov 11 25 Dec 9 23 1998 Jan 6 20 Feb 3 17 …"},
	{"19970902", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997 Sep 2 4 9 11 16 18 23 25 30 Oct 2"},
	{"19970902", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997 Sep 2 4 9 11 16 18 23 25 30 Oct 2"},
	{
		"19970901", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
		"1997 Sep 1 3 5 15 17 19 29 Oct 1 3 13 15 17 27 29 31 Nov 10 12 14 24 26 28 Dec 8 10 12 22",
	},
	{"19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997 Sep 2 4 16 18 30 Oct 2 14 16"},
	{"19970905", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997 Sep 5 Oct 3 Nov 7 Dec 5 1998 Jan 2 Feb 6 Mar 6 Apr 3 May 1 Jun 5"},
	{"19970905", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997 Sep 5 Oct 3 Nov 7 Dec 5"},
	{"19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997 Sep 7 28 Nov 2 30 1998 Jan 4 25 Mar 1 29 May 3 31"},
	{"19970922", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997 Sep 22 Oct 20 Nov 17 Dec 22 1998 Jan 19 Feb 16"},
	{"19970928", "FREQ=MONTHLY;BYMONTHDAY=-3", "1997 Sep 28 Oct 29 Nov 28 Dec 29 1998 Jan 29 Feb 26 …"},
	{"19970902", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15", "1997 Sep 2 15 Oct 2 15 Nov 2 15 Dec 2 15 1998 Jan 2 15"},
	{"19970930", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997 Sep 30 Oct 1 31 Nov 1 30 Dec 1 31 1998 Jan 1 31 Feb 1"},
	{"19970910", "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997 Sep 10-15 1999 Mar 10-13"},
	{"19970902", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU", "1997 Sep 2 9 16 23 30 Nov 4 11 18 25 1998 Jan 6 13 20 27 Mar 3 10 17 24 31 …"},
	{
		"19970610", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
		"1997 Jun 10 Jul 10 1998 Jun 10 Jul 10 1999 Jun 10 Jul 10 2000 Jun 10 Jul 10 2001 Jun 10 Jul 10",
	},
	{
		"19970310", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
		"1997 Mar 10 1999 Jan 10 Feb 10 Mar 10 2001 Jan 10 Feb 10 Mar 10 2003 Jan 10 Feb 10 Mar 10",
	},
	{
		"19970101", "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
		"1997 Jan 1 Apr 10 Jul 19 2000 Jan 1 Apr 9 Jul 18 2003 Jan 1 Apr 10 Jul 19 2006 Jan 1",
	},
	{"19970519", "FREQ=YEARLY;BYDAY=20MO", "1997 May 19 1998 May 18 1999 May 17 …"},
	{"19970512", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997 May 12 1998 May 11 1999 May 17 …"},
	{"19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1997 Mar 13 20 27 1998 Mar 5 12 19 26 1999 Mar 4 11 18 25 …"},
	{
		"19970605", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
		"1997 Jun 5 12 19 26 Jul 3 10 17 24 31 Aug 7 14 21 28 1998 Jun 4 11 18 25 Jul 2 9 16 23 30 Aug 6 13 20 27 " +
			"1999 Jun 3 10 17 24 Jul 1 8 15 22 29 Aug 5 12 19 26 …",
	},
	// Its start is not a Friday: the RFC excludes it with EXDATE. A task's first due date is always an occurrence.
	{"19970902", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997 Sep 2 1998 Feb 13 Mar 13 Nov 13 1999 Aug 13 2000 Oct 13 …"},
	{
		"19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
		"1997 Sep 13 Oct 11 Nov 8 Dec 13 1998 Jan 10 Feb 7 Mar 7 Apr 11 May 9 Jun 13 …",
	},
	{"19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996 Nov 5 2000 Nov 7 2004 Nov 2 …"},
	{"19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997 Sep 4 Oct 7 Nov 6"},
	{"19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997 Sep 29 Oct 30 Nov 27 Dec 30 1998 Jan 29 Feb 26 Mar 30 …"},
	{"19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997 Aug 5 10 19 24"},
	{"19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997 Aug 5 17 19 31"},
	{"20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007 Jan 15 30 Feb 15 Mar 15 30"},
	// Not in the RFC: days that not every month or year has.
	{"20260131", "FREQ=MONTHLY", "2026 Jan 31 Mar 31 May 31 Jul 31 Aug 31 Oct 31 Dec 31 2027 Jan 31 Mar 31 …"},
	{"20260131", "FREQ=MONTHLY;BYMONTHDAY=-1", "2026 Jan 31 Feb 28 Mar 31 Apr 30 May 31 Jun 30 Jul 31 …"},
	{"20270131", "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1;COUNT=15", "2027 Jan 31 Feb 28 Mar 31 Apr 30 May 31 Jun 30 Jul 31 Aug 31 Sep 30 Oct 31 Nov 30 Dec 31 2028 Jan 31 Feb 29 Mar 31"},
	{"20240229", "FREQ=YEARLY", "2024 Feb 29 2028 Feb 29 2032 Feb 29 …"},
	{"20960229", "FREQ=YEARLY", "2096 Feb 29 2104 Feb 29 …"},
	{"20240229", "FREQ=YEARLY;INTERVAL=3", "2024 Feb 29 2036 Feb 29 2048 Feb 29 …"},
	{"20240229", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2024 Feb 29 2025 Feb 28 2026 Feb 28 2027 Feb 28 2028 Feb 29 …"},
	{"19970512", "FREQ=YEARLY;BYWEEKNO=20", "1997 May 12 1998 May 11 1999 May 17 …"},
	{"20260105", "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2026 Jan 5 Dec 28 2032 Dec 27 2037 Dec 28 …"},
	{"20260707", "FREQ=WEEKLY;UNTIL=20260721", "2026 Jul 7 14 21"},
	{"20260707", "FREQ=WEEKLY;UNTIL=20260721T090000", "2026 Jul 7 14 21"},
	{"20260707", "FREQ=WEEKLY;UNTIL=20260721T125959Z", "2026 Jul 7 14"},
}

func newYork(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTheExamplesOfTheRFC(t *testing.T) {
	t.Parallel()
	zone := newYork(t)
	for _, x := range examples {
		start, err := time.ParseInLocation("20060102T150405", x.start+"T090000", zone)
		if err != nil {
			t.Fatal(err)
		}
		rule, err := Parse(x.rule)
		if err != nil {
			t.Errorf("%s: %v", x.rule, err)
			continue
		}
		want, endless := dates(t, x.want)
		s := Series{Rule: rule, Start: start, Zone: zone}
		got := []string{start.Format("2006 Jan 2 15:04")}
		for at := range s.After(start) {
			got = append(got, at.In(zone).Format("2006 Jan 2 15:04"))
			if len(got) == len(want)+1 || len(got) == len(want) && endless {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s from %s:\n got %v\nwant %v", x.rule, x.start, got, want)
		}
	}
}

// dates reads "1997 Sep 2 9-11 Oct 7", and whether a "…" follows.
func dates(t *testing.T, s string) (out []string, endless bool) {
	t.Helper()
	s, endless = strings.CutSuffix(s, " …")
	var year, month string
	for word := range strings.FieldsSeq(s) {
		switch {
		case len(word) == 4 && !strings.Contains(word, "-"):
			year = word
		case word[0] > '9':
			month = word
		default:
			from, to, ranged := strings.Cut(word, "-")
			if !ranged {
				to = from
			}
			first, err1 := time.Parse("2006 Jan 2", year+" "+month+" "+from)
			last, err2 := time.Parse("2006 Jan 2", year+" "+month+" "+to)
			if err1 != nil || err2 != nil {
				t.Fatalf("%q: %v %v", word, err1, err2)
			}
			for d := first; !d.After(last); d = d.AddDate(0, 0, 1) {
				out = append(out, d.Format("2006 Jan 2")+" 09:00")
			}
		}
	}
	return out, endless
}

// "Every 20 minutes from 9:00 AM to 4:40 PM every day", the RFC's only example with several times of a day that is
// not hourly or faster.
func TestSeveralTimesOfADay(t *testing.T) {
	t.Parallel()
	zone := newYork(t)
	rule, err := Parse("FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(1997, 9, 2, 9, 0, 0, 0, zone)
	s := Series{Rule: rule, Start: at, Zone: zone}
	n := 0
	for got := range s.After(s.Start) {
		if at = at.Add(20 * time.Minute); at.Hour() == 17 {
			at = at.Add(16 * time.Hour)
		}
		if !got.Equal(at) {
			t.Fatalf("%v, want %v", got.In(zone), at)
		}
		if n++; n == 100 {
			break
		}
	}
}
