package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"taskwire.dev/e2e/stack"
)

// fight is an attack with all that came of it.
type fight struct {
	attack  attack
	tried   int64
	answers map[string]int
	wrong   map[string]int // what the product must not do, and how often it did
	felt    []feeling      // of the victim
	err     error          // the attack itself could not be made

	recovery time.Duration // until others were served again, after an attack that they felt
	largest  stack.Usage   // the function that took most memory
	restarts []string      // parts that did not survive it
}

const (
	// attackTimeout bounds one attack, whatever the answers do.
	attackTimeout = 2 * time.Minute
	// calmTimeout is how long a stack that was hurt may take to be well.
	calmTimeout = 90 * time.Second
)

// fight makes an attack beside a victim.
func (b *battle) fight(ctx context.Context, i int, at attack) *fight {
	f := &fight{attack: at}
	v, err := b.newVictim(ctx, 128+i)
	if err != nil {
		f.err = err
		return f
	}
	before := b.restarts(ctx)
	_ = b.stack.ResetPeaks(ctx) // without the right to, peaks are those since the start
	working, rest := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		v.live(working)
	}()
	a := b.arena(1 + i)
	attacking, stop := context.WithTimeout(ctx, attackTimeout)
	f.err = at.run(attacking, a)
	stop()
	pause(ctx, dose(a, max(at.after, 2*time.Second), 500*time.Millisecond))
	rest()
	<-done
	f.tried, f.answers, f.wrong, f.felt = a.tried.Load(), a.answers, a.wrong, v.felt
	f.largest = b.largest(ctx)
	for name, n := range b.restarts(ctx) {
		if n > before[name] {
			f.restarts = append(f.restarts, name)
		}
	}
	if errs := f.errors(); len(errs) > 0 {
		f.recovery = b.calm(ctx, v)
	}
	return f
}

// calm waits until the victim is served again in all it does, so that one attack is not counted for the next.
func (b *battle) calm(ctx context.Context, v *victim) time.Duration {
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, calmTimeout)
	defer cancel()
	for ctx.Err() == nil {
		err := errors.Join(v.list(ctx), v.create(ctx), v.notifications(ctx), v.stream(ctx))
		if err == nil {
			break
		}
		pause(ctx, beat)
	}
	return time.Since(began)
}

// restarts counts how often each part was started again.
func (b *battle) restarts(ctx context.Context) map[string]int {
	parts, _ := b.stack.Parts(ctx)
	all := map[string]int{}
	for _, p := range parts {
		all[p.Name] = p.Restarts
	}
	return all
}

// largest is the function with the most resident memory at its peak.
func (b *battle) largest(ctx context.Context) stack.Usage {
	usages, _ := b.stack.Usages(ctx)
	var most stack.Usage
	for _, u := range usages {
		if _, isFunction := b.values.Functions[u.Name]; isFunction && u.Peak > most.Peak {
			most = u
		}
	}
	return most
}

// errors counts what the victim was refused, by what it did and what it was told.
func (f *fight) errors() map[string]int {
	all := map[string]int{}
	for _, one := range f.felt {
		if one.err != "" {
			all[one.what+" "+one.err]++
		}
	}
	return all
}

// worst is the slowest of the victim's requests.
func (f *fight) worst() feeling {
	return slices.MaxFunc(append([]feeling{{}}, f.felt...), func(a, b feeling) int { return int(a.took - b.took) })
}

// median of the victim's requests.
func (f *fight) median() time.Duration {
	if len(f.felt) == 0 {
		return 0
	}
	took := make([]time.Duration, len(f.felt))
	for i, one := range f.felt {
		took[i] = one.took
	}
	slices.Sort(took)
	return took[len(took)/2]
}

// broken lists what must never be, on a machine however slow.
func (f *fight) broken() []string {
	var all []string
	if f.err != nil {
		all = append(all, "the attack could not be made: "+f.err.Error())
	}
	if n := len(f.felt); n == 0 && f.err == nil {
		all = append(all, "the victim did nothing")
	}
	if errs := f.errors(); len(errs) > 0 {
		all = append(all, fmt.Sprintf("another user was refused: %s", counted(errs)))
	}
	for _, what := range slices.Sorted(maps.Keys(f.wrong)) {
		all = append(all, fmt.Sprintf("%s (%d times)", what, f.wrong[what]))
	}
	for _, part := range f.restarts {
		all = append(all, part+" had to be started again")
	}
	return all
}

func counted(m map[string]int) string {
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%s ×%d", key, m[key]))
	}
	return strings.Join(parts, ", ")
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000)
}
