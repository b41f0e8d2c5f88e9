package quickadd

import (
	_ "embed"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The dashboard's grammar has copies of these, too; it fetches the one that it needs.
//
//go:generate cp words.de.json words.es.json ../../../../frontend/src/lib/quickadd/
var (
	//go:embed words.de.json
	germanJSON []byte
	//go:embed words.es.json
	spanishJSON []byte
)

var languages = map[string]*language{"de": readLanguage(germanJSON), "es": readLanguage(spanishJSON)}

// languageOf returns the language of a locale such as de-AT, nil for English and those without a vocabulary.
func languageOf(locale string) *language {
	base, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	return languages[lower(base)]
}

// language is a language other than English: which English words its words and phrases stand for. The English grammar reads what
// that makes of a text; see rewriting.
type language struct {
	fold    map[rune]string
	words   map[string]string            // one word for one
	sets    map[string]map[string]string // what a slot of a phrase may be
	phrases map[string][]phrasePattern   // by a word that they begin with; "" those that begin with a slot
}

// phrasePattern is a phrase with its meanings, of which the first counts that fits the text around it. Without words a meaning says
// that the phrase is title.
type phrasePattern struct {
	order    int
	elements []element
	meanings []string
}

// element is a word of a phrase: one of some words, or a slot such as {weekday}, perhaps with an ending: "{weekday}abend".
type element struct {
	words        []string
	slot, ending string
	point        bool   // whether a point may follow it: "5. Dezember" and "5 Dezember"
	sign         string // the punctuation that follows it
}

// vocabularyFile is how a language is written. "jede|jeden {weekday}": a bar separates words, {} is a slot; "{dom.}" has a point.
// "or so" in a meaning says that no task can be so: then the whole text is title.
type vocabularyFile struct {
	Fold    map[string]string
	Words   map[string]string
	Sets    map[string]map[string]string
	Phrases [][]string // a phrase, and its meanings in English, in which {2} is what the second word of the phrase stands for
}

func readLanguage(b []byte) *language {
	var file vocabularyFile
	if err := json.Unmarshal(b, &file); err != nil {
		panic(err)
	}
	l := &language{map[rune]string{}, map[string]string{}, map[string]map[string]string{}, map[string][]phrasePattern{}}
	for letter, other := range file.Fold {
		r, _ := utf8.DecodeRuneInString(letter)
		l.fold[r] = other
	}
	for word, means := range file.Words {
		l.words[l.folded(word)] = means
	}
	for name, set := range file.Sets {
		l.sets[name] = map[string]string{}
		for word, means := range set {
			l.sets[name][l.folded(word)] = means
		}
	}
	for order, line := range file.Phrases {
		p := phrasePattern{order: order, meanings: line[1:]}
		for _, text := range strings.Split(line[0], " ") {
			p.elements = append(p.elements, l.element(text))
		}
		for _, first := range p.elements[0].firstWords() {
			l.phrases[first] = append(l.phrases[first], p)
		}
	}
	return l
}

var slotForm = regexp.MustCompile(`^\{([a-z0-9]+)([.,]?)\}(.*)$`)

func (l *language) element(text string) element {
	if m := slotForm.FindStringSubmatch(text); m != nil {
		e := element{slot: m[1], ending: l.folded(m[3]), sign: m[2]}
		e.point = oneOf(e.slot, "dom", "doms", "date", "short", "abbr") && e.sign != "."
		return e
	}
	word := strings.TrimRight(text, "!,")
	return element{words: strings.Split(l.folded(word), "|"), sign: text[len(word):]}
}

func (e element) firstWords() []string {
	if e.slot != "" {
		return []string{""}
	}
	return e.words
}

// folded returns a word in lower case, with letters such as ä as they are typed without them.
func (l *language) folded(word string) string {
	var b strings.Builder
	for _, r := range lower(word) {
		if other, ok := l.fold[r]; ok {
			b.WriteString(other)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// match returns what an element stands for where it is a folded word, and the punctuation that is left.
func (l *language) match(e element, word, trail string) (means, left string, ok bool) {
	if e.point {
		trail = strings.TrimPrefix(trail, ".")
	}
	if left, ok = strings.CutPrefix(trail, e.sign); !ok || word == "" {
		return "", "", false
	}
	if e.slot == "" {
		return word, left, slices.Contains(e.words, word)
	}
	if word, ok = strings.CutSuffix(word, e.ending); !ok {
		return "", "", false
	}
	means, ok = l.slot(e.slot, word)
	return means, left, ok
}

var (
	hourAlone = regexp.MustCompile(`^([0-9]{1,2})$`)
	fullClock = regexp.MustCompile(`^([0-9]{1,2})(?:[:.h]([0-9]{2})h?|h)$`)
	minuteOf  = regexp.MustCompile(`^[0-5][0-9]$`)
	twoHours  = regexp.MustCompile(`^([0-9]{1,2}(?:[:.][0-9]{2})?)[-–—]([0-9]{1,2}(?:[:.][0-9]{2})?)$`)
	twoDays   = regexp.MustCompile(`^([0-9]{1,2})\.?[-–—]([0-9]{1,2})$`)
)

// slot returns what a word stands for in a slot.
func (l *language) slot(name, word string) (string, bool) {
	switch name {
	case "n":
		if digits.MatchString(word) && atoi(word) > 0 {
			return word, true
		}
	case "hour", "hour12", "hour24": // on either clock, the clock with noon in its middle, or beyond that
		if digit, ok := l.sets["n"][word]; ok {
			word = digit
		}
		if !hourAlone.MatchString(word) {
			return "", false
		}
		n := atoi(word)
		clock12 := n >= 1 && n <= 12
		return strconv.Itoa(n), n <= 23 && (name == "hour" || clock12 == (name == "hour12"))
	case "clock":
		m := fullClock.FindStringSubmatch(word)
		if m == nil || atoi(m[1]) > 23 || atoi(m[2]) > 59 {
			return "", false
		}
		if m[2] == "" {
			m[2] = "00"
		}
		return m[1] + ":" + m[2], true
	case "noon": // 12 and 12:30
		if hour, ok := l.slot("hour12", word); ok {
			return "12:00", hour == "12"
		}
		clock, ok := l.slot("clock", word)
		return clock, ok && strings.HasPrefix(clock, "12:")
	case "hours": // 14-16 and 14:30-16
		m := twoHours.FindStringSubmatch(word)
		if m == nil {
			return "", false
		}
		return onTheHour(m[1]) + "-" + onTheHour(m[2]), true
	case "minute":
		return word, minuteOf.MatchString(word)
	case "year":
		return word, yearNumber.MatchString(word)
	case "dom":
		return word, hourAlone.MatchString(word) && atoi(word) >= 1 && atoi(word) <= 31
	case "doms": // 5.-7.
		m := twoDays.FindStringSubmatch(word)
		if m == nil {
			return "", false
		}
		return m[1] + "-" + m[2], true
	case "date": // 5.12. and 5/12
		return strings.ReplaceAll(word, ".", "/"), dottedDate.MatchString(word) || slashedDate.MatchString(word)
	}
	means, ok := l.sets[name][word]
	return means, ok
}

// onTheHour returns an hour with its minutes: 14:00 for 14.
func onTheHour(clock string) string {
	if hourAlone.MatchString(clock) {
		return clock + ":00"
	}
	return clock
}
