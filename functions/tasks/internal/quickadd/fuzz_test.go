package quickadd

import (
	"testing"
	"time"
	"unicode/utf16"

	"taskwire.dev/shared/recurrence"
	"taskwire.dev/shared/wallclock"
)

// FuzzParse: no text makes it fail, and its answer is consistent: parts are in order, inside the text and not empty; a task
// without parts is the text; a rule is one that a task can have.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"pay rent every 1st at 9am #home !high", "🎉 party “tomorrow” friday, 5pm", "gym every! 2 weeks on mon, wed and fri until 24/12",
		"every last workday of the month at noon x", "a\xff tomorrow", "in 9999 years x", "every day for 9999 weeks x", "x 31.12.9999.", "x 0001-01-01",
	} {
		f.Add(text, int64(1795597200), "en-US")
	}
	for _, text := range []string{
		"Brot kaufen morgen um 17 Uhr #Küche !hoch", "Sport jeden! zweiten Montag, Mittwoch und Fr bis zum 24. Dezember", "U\u0308bermorgen um halb 7",
		"am 1. und 15. jedes Monats am am am", "in 9999 Jahren x", "alle 9999 Tage für 9999 Wochen x",
	} {
		f.Add(text, int64(1795597200), "de-AT")
	}
	for _, text := range []string{
		"Pan mañana a las 5 y media de la tarde", "yoga todos los lunes y jueves hasta el 24 de diciembre de 2027", "el el el 5 de mayo", "en 9999 años x",
	} {
		f.Add(text, int64(1795597200), "es")
	}
	f.Fuzz(func(t *testing.T, text string, at int64, locale string) {
		now := time.Unix(at%253402300799, 0)
		if now.Year() < 1 {
			return
		}
		r := Parse(text, Options{now, wallclock.Zone("Europe/Berlin"), time.Sunday, locale, nil})
		length := len(utf16.Encode([]rune(text)))
		end := 0
		for _, p := range r.Parts {
			if p.From < end || p.To <= p.From || p.To > length {
				t.Fatalf("%q: part %+v after %d in %d", text, p, end, length)
			}
			end = p.To
		}
		understood := r.DueDate != "" || !r.DueAt.IsZero() || r.RRule != "" || r.Priority != "" || r.Project != "" || r.Tags != nil
		if len(r.Parts) == 0 && (understood || r.Title != trim(text)) || r.Title == "" && trim(text) != "" || r.Title != trim(r.Title) {
			t.Fatalf("%q: %+v", text, r)
		}
		if r.DueDate != "" && !r.DueAt.IsZero() || r.RRule != "" && r.DueDate == "" && r.DueAt.IsZero() || r.Mode != "" && r.RRule == "" {
			t.Fatalf("%q: %+v", text, r)
		}
		if r.RRule != "" {
			if _, err := recurrence.Parse(r.RRule); err != nil {
				t.Fatalf("%q: %s: %v", text, r.RRule, err)
			}
		}
	})
}

// TestPositions: a part is where a JavaScript string has it.
func TestPositions(t *testing.T) {
	t.Parallel()
	text := "🎉 party, friday, 5pm - #Küche 👩‍👩‍👧 p1 every week"
	units := utf16.Encode([]rune(text))
	var said []string
	for _, p := range Parse(text, options).Parts {
		said = append(said, string(p.Kind)+": "+string(utf16.Decode(units[p.From:p.To])))
	}
	want := []string{"due: friday, 5pm", "project: #Küche", "priority: p1", "repeat: every week"}
	if len(said) != len(want) {
		t.Fatalf("%q", said)
	}
	for i := range want {
		if said[i] != want[i] {
			t.Errorf("got %q, want %q", said[i], want[i])
		}
	}
}

var options = Options{time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), wallclock.Zone("Europe/Berlin"), time.Monday, "en-GB", nil}
