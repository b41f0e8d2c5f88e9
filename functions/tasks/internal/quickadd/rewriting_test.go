package quickadd

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"taskwire.dev/shared/wallclock"

	"pgregory.net/rapid"
)

// saidIn are words of titles, dates and rules in each language.
var saidIn = map[string][]string{
	"en-GB": strings.Fields("call Bob tomorrow every monday at 5pm on the 15th until in 2 weeks #home p1 - 🎉"),
	"de-DE": strings.Fields("Brot kaufen morgen früh Morgen um 17 9 Uhr am 5. Dezember Freitag jeden jeden! zweiten Montag alle 2 Wochen bis zum 15. und im Monat " +
		"übermorgen in einer ab 5.12. halb sieben Freitagabend #home p1 - 🎉"),
	"es-ES": strings.Fields("comprar pan mañana por la a las 17 9 de tarde el 5 diciembre viernes cada cada! dos lunes semanas hasta todos los y mes pasado en una " +
		"hora 5/12 fin último media #home p1 - 🎉"),
}

// plainWords returns the words of a text without punctuation after them and without signs that only join.
func plainWords(text string) (found []string) {
	for _, word := range strings.Fields(text) {
		if word = strings.TrimRight(word, trailing); word != "" && word != "-" {
			found = append(found, word)
		}
	}
	return found
}

// TestNothingIsLost: the title has all words that no part has, in their order.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	for locale, words := range saidIn {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				var said []string
				for _, word := range rapid.SliceOfN(rapid.SampledFrom(words), 1, 12).Draw(t, "words") {
					said = append(said, word+rapid.SampledFrom([]string{"", "", "", "", ",", ":", "."}).Draw(t, "punctuation"))
				}
				text := strings.Join(said, " ")
				r := Parse(text, Options{options.Now, options.Location, time.Monday, locale, nil})
				units := utf16.Encode([]rune(text))
				rest, at := "", 0
				for _, p := range r.Parts {
					rest += string(utf16.Decode(units[at:p.From])) + " "
					at = p.To
				}
				rest += string(utf16.Decode(units[at:]))
				if got, want := plainWords(r.Title), plainWords(rest); !slices.Equal(got, want) {
					t.Fatalf("%q: the title has %q, and what is not understood is %q", text, got, want)
				}
			})
		})
	}
}

// TestManyPhrasesThatFail: a text that is made of phrases without a meaning is read in bounded time.
func TestManyPhrasesThatFail(t *testing.T) {
	t.Parallel()
	for _, phrase := range []string{"am bis zum ", "jeden zweiten ", "bis zum 5. Dezember 5. ", "alle 2 Stunden ", "um halb sieben am Mo "} {
		text := strings.TrimSpace(strings.Repeat(phrase, 1000/len(phrase)))
		start := time.Now()
		r := Parse(text, Options{options.Now, wallclock.Zone("UTC"), time.Monday, "de", nil})
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%q took %s", phrase, took)
		}
		if r.Title == "" {
			t.Errorf("%q has no title", phrase)
		}
	}
}
