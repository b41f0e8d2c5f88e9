// Package quickadd reads a task in plain language: "pay rent every 1st at 9am #home !high". It reads English, and beside it the
// language of the locale: in de-AT "morgen um 17 Uhr", too.
//
// What is not wholly understood is not understood at all: then the whole text is the title, and the task has nothing else.
// frontend/src/lib/quickadd is the same grammar in TypeScript, so that the dashboard shows what it understands while it is
// written; the tests compare the two.
package quickadd

import (
	"strings"
	"time"
)

// Options are what the meaning of a text depends on.
type Options struct {
	Now       time.Time
	Location  *time.Location // the user's zone
	WeekStart time.Weekday
	Locale    string // its language is read beside English; "en-US" writes the month first in 12/24, all others the day
	// IsProject reports whether a project has this name, which has a slash: then it is no section of another. nil: none has.
	IsProject func(name string) bool
}

// Result is the meaning of a text. An empty field was not named.
type Result struct {
	Title    string
	DueDate  string    // a day without a time, such as 2026-12-24
	DueAt    time.Time // zero if there is none
	RRule    string    // RFC 5545, with the parts that were named
	Mode     string    // "completion" if the series counts from its completions
	Priority string
	Project  string
	Section  string // of the project
	Tags     []string
	Parts    []Part
}

// Part is a part of the text that was understood. From and To count UTF-16 code units, as strings in JavaScript do.
type Part struct {
	From int  `json:"from"`
	To   int  `json:"to"`
	Kind Kind `json:"kind"`
}

// Kind is what a part says.
type Kind string

// The kinds of parts.
const (
	Due      Kind = "due"
	Repeat   Kind = "repeat"
	Priority Kind = "priority"
	Project  Kind = "project"
	Tag      Kind = "tag"
)

// ModeCompletion is the mode of a series that counts from its completions.
const ModeCompletion = "completion"

// Parse reads a text.
func Parse(text string, o Options) Result {
	nothing := Result{Title: trim(text)}
	r := newResolver(o)
	p := phrase{tokens: tokenize(text), locale: o.Locale, today: r.today, weekStart: (int(o.WeekStart) + 6) % 7}
	atoms, located := p.read()
	if len(atoms) == 0 {
		return nothing
	}
	m, ok := meaningOf(atoms)
	if !ok {
		return nothing
	}
	result, ok := r.resolve(m)
	if !ok {
		return nothing
	}
	rest := without(p.tokens, located)
	result.Title = title(text, rest)
	if result.Title == "" || repeats(rest) {
		return nothing
	}
	result.Parts = parts(p.tokens, located)
	result.Project, result.Section = inProject(result.Project, o.IsProject)
	return result
}

// inProject returns what "#home/kitchen" says: a section of a project, unless a project is called so.
func inProject(name string, isProject func(string) bool) (project, section string) {
	project, section, _ = strings.Cut(name, "/")
	if section == "" || isProject != nil && isProject(name) {
		return name, ""
	}
	return project, section
}
