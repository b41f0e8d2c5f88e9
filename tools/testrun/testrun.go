// Package testrun runs kinds of tests one after another and sums up how each went, so that one failure does not hide
// another.
package testrun

import (
	"errors"
	"time"

	"taskwire.dev/tools/progress"
)

// Run collects the outcomes.
type Run struct {
	Report   *progress.Reporter
	Outcomes []Outcome
}

// Outcome is how one kind of tests went.
type Outcome struct {
	Name   string
	Err    error
	Took   time.Duration
	Failed []string // lines that name the failed tests and say why they failed, where they are known
}

// Note adds an outcome, and prints the error if there is one. failed are lines that name the failed tests
// and say why they failed.
func (r *Run) Note(name string, took time.Duration, err error, failed ...string) {
	if err != nil {
		r.Report.Say("%s: %v", name, err)
	}
	r.Outcomes = append(r.Outcomes, Outcome{name, err, took, failed})
}

// Conclude prints how each kind of tests went, and at the end what failed, where it is found without searching the output.
// It returns an error if a kind failed.
func (r *Run) Conclude() error {
	r.Report.Say("")
	failed := false
	for _, o := range r.Outcomes {
		mark := "✓"
		if o.Err != nil {
			mark, failed = "✗", true
		}
		r.Report.Say("%s %-44s %6.1f s", mark, o.Name, o.Took.Seconds())
	}
	for _, o := range r.Outcomes {
		if o.Err != nil && len(o.Failed) == 0 {
			r.Report.Say("%s: %v", o.Name, o.Err)
		}
		for _, line := range o.Failed {
			r.Report.Say("%s: %s", o.Name, line)
		}
	}
	if failed {
		return errors.New("tests failed")
	}
	return nil
}
