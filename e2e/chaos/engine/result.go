package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"taskwire.dev/e2e/chaos/fault"
	"taskwire.dev/e2e/chaos/history"
	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/load"
)

// Kinds of violations that the storm itself detects.
const (
	Stuck  verdict.Kind = "stuck"       // not recovered in time
	Answer verdict.Kind = "answer"      // one that no fault excuses
	Letter verdict.Kind = "dead letter" // of an event that is not poison
)

// Result is the result of a storm.
type Result struct {
	options Options
	started time.Time
	took    time.Duration

	mu            sync.Mutex
	faults        map[string]*tally
	violations    []verdict.Violation
	counts        history.Counts
	events        int
	letters       int64
	lettersBefore int64
	streams       struct{ connects, resets, frames int }
	stopListening func()
}

// tally counts the outcomes of a sort of fault.
type tally struct {
	count    int
	recovery []time.Duration
	stuck    int
}

func newResult(o Options) *Result {
	return &Result{options: o, started: time.Now(), faults: map[string]*tally{}, stopListening: func() {}}
}

func (r *Result) of(f fault.Fault) *tally {
	name := string(f.Kind)
	if group := fault.Group(f.Part); group != "" && f.Kind != fault.Flush && f.Kind != fault.AtCommit {
		name += ", " + group
	}
	if r.faults[name] == nil {
		r.faults[name] = &tally{}
	}
	return r.faults[name]
}

func (r *Result) recovered(faults []fault.Fault, after time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range faults {
		t := r.of(f)
		t.count++
		t.recovery = append(t.recovery, after)
	}
	r.took = time.Since(r.started)
}

func (r *Result) stuck(faults []fault.Fault, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range faults {
		t := r.of(f)
		t.count++
		t.stuck++
	}
	r.took = time.Since(r.started)
	r.violations = append(r.violations, verdict.Violation{Kind: Stuck, Detail: fmt.Sprintf("after %v: %v", faults, err)})
}

func (r *Result) add(found ...verdict.Violation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.violations = append(r.violations, found...)
}

// Violations lists the broken promises.
func (r *Result) Violations() []verdict.Violation { return r.violations }

// Faults counts the injected faults.
func (r *Result) Faults() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, t := range r.faults {
		n += t.count
	}
	return n
}

// Acknowledged counts the acknowledged changes.
func (r *Result) Acknowledged() int { return r.counts.Acknowledged }

// Table formats it as Markdown, for docs/reliability.md.
func Table(results []*Result) string {
	var b strings.Builder
	faults := map[string]*tally{}
	kinds := map[verdict.Kind]int{}
	var counts history.Counts
	var letters int64
	var events, connects, resets, frames int
	var took time.Duration
	var seeds []string
	for _, r := range results {
		seeds = append(seeds, fmt.Sprint(r.options.Seed))
		took += r.took
		for name, t := range r.faults {
			sum := faults[name]
			if sum == nil {
				sum = &tally{}
				faults[name] = sum
			}
			sum.count, sum.stuck, sum.recovery = sum.count+t.count, sum.stuck+t.stuck, append(sum.recovery, t.recovery...)
		}
		for _, v := range r.violations {
			kinds[v.Kind]++
		}
		counts.Requests += r.counts.Requests
		counts.Acknowledged += r.counts.Acknowledged
		counts.Unknown += r.counts.Unknown
		counts.Retried += r.counts.Retried
		counts.Refused += r.counts.Refused
		events, letters = events+r.events, letters+r.letters
		connects, resets, frames = connects+r.streams.connects, resets+r.streams.resets, frames+r.streams.frames
	}
	o := results[0].options
	fmt.Fprintf(&b, "Seeds %s, %s, %d users with %d streams each, %d changes a second asked for (%.0f acknowledged).\n\n",
		strings.Join(seeds, ", "), took.Round(time.Second), o.Users, o.Streams, o.Rate, float64(counts.Acknowledged)/max(1, took.Seconds()))
	fmt.Fprintf(&b, "| fault | times | well again after: median | longest |\n|---|---:|---:|---:|\n")
	total, all := 0, []time.Duration(nil)
	for _, name := range slices.SortedFunc(maps.Keys(faults), cmp.Compare[string]) {
		t := faults[name]
		total += t.count
		all = append(all, t.recovery...)
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", name, t.count, quantile(t.recovery, 0.5), longest(t))
	}
	fmt.Fprintf(&b, "| **all** | **%d** | **%s** | **%s** |\n\n", total, quantile(all, 0.5), quantile(all, 1))
	fmt.Fprintf(&b, "| what | count |\n|---|---:|\n")
	for _, row := range []struct {
		what string
		n    int
	}{
		{"changes acknowledged", counts.Acknowledged},
		{"changes sent without an answer (done or not, both are right)", counts.Unknown},
		{"tries that were refused or broken", counts.Refused},
		{"acknowledged requests sent again", counts.Retried},
		{"events in the audit logs", events},
		{"stream connections", connects},
		{"stream frames", frames},
		{"`sync.reset`", resets},
		{"**lost**", kinds[verdict.Lost]},
		{"**doubled**", kinds[verdict.Doubled]},
		{"**wrong, torn or stale**", kinds[verdict.Wrong] + kinds[verdict.Torn] + kinds["stale"]},
		{"**gaps**", kinds[verdict.Gap]},
		{"**out of order**", kinds[verdict.Reordered]},
		{"**of another user**", kinds[verdict.Leaked]},
		{"**not the first answer on a retry**", kinds["retry"]},
		{"**answers that no fault excuses**", kinds[Answer]},
		{"**not well again in time**", kinds[Stuck]},
		{"**dead letters**", int(letters)},
	} {
		fmt.Fprintf(&b, "| %s | %d |\n", row.what, row.n)
	}
	return b.String()
}

func quantile(all []time.Duration, q float64) string {
	if len(all) == 0 {
		return "–"
	}
	writes := make([]load.Write, len(all))
	for i, d := range all {
		writes[i].Latency = d
	}
	return fmt.Sprintf("%.1f s", load.Quantile(writes, q).Seconds())
}

func longest(t *tally) string {
	if t.stuck > 0 {
		return fmt.Sprintf("never, %d times", t.stuck)
	}
	return quantile(t.recovery, 1)
}
