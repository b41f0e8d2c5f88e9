package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.yaml.in/yaml/v3"
)

// fight is an attack with all its results.
type fight struct {
	attack  attack
	alone   bool // no victim worked meanwhile
	tried   int64
	answers map[string]int
	wrong   map[string]int // what the product must not do, and how often it did
	felt    []feeling      // of the victim
	err     error          // the attack itself failed

	recovery time.Duration // until others were served again, after an attack that affected them
	memory   usage         // of the function that came closest to its limit
	restarts []string      // parts that were restarted
	// unmeasured is why memory and restarts are not known.
	unmeasured error
}

const (
	// attackTimeout bounds one attack, whatever the responses are.
	attackTimeout = 2 * time.Minute
	// calmTimeout is how long an affected stack may take to recover.
	calmTimeout = 90 * time.Second
)

// fight runs an attack alongside a victim.
func (b *battle) fight(ctx context.Context, i int, at attack) *fight {
	f := &fight{attack: at}
	v, err := b.newVictim(ctx, 128+i)
	if err != nil {
		f.err = err
		return f
	}
	before, err := b.restarts(ctx)
	if err != nil {
		f.err = err
		return f
	}
	_ = b.stack.ResetPeaks(ctx) // without the permission, peaks are those since the start
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
	pause(ctx, dose(a, max(at.after, 2*time.Second), 300*time.Millisecond))
	rest()
	<-done
	f.tried, f.answers, f.wrong, f.felt = a.tried.Load(), a.answers, a.wrong, v.felt
	f.memory, f.unmeasured = b.nearest(ctx)
	after, err := b.restarts(ctx)
	f.unmeasured = errors.Join(f.unmeasured, err)
	for name, n := range after {
		if n > before[name] {
			f.restarts = append(f.restarts, name)
		}
	}
	if errs := f.errors(); len(errs) > 0 {
		f.recovery = b.calm(ctx, v)
	}
	return f
}

// quietly runs the quiet attacks at the same time, without a victim.
func (b *battle) quietly(ctx context.Context) (fights []*fight) {
	ctx, stop := context.WithTimeout(ctx, attackTimeout)
	defer stop()
	var group sync.WaitGroup
	for i, at := range attacks {
		if !at.quiet {
			continue
		}
		f, a := &fight{attack: at, alone: true}, b.arena(1+i)
		fights = append(fights, f)
		group.Go(func() {
			f.err = at.run(ctx, a)
			f.tried, f.answers, f.wrong = a.tried.Load(), a.answers, a.wrong
		})
	}
	group.Wait()
	return fights
}

// calm waits until all requests of the victim succeed again, so that one attack does not count against the next.
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

// restarts returns how often each part was restarted.
func (b *battle) restarts(ctx context.Context) (map[string]int, error) {
	parts, err := b.stack.Parts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the parts: %w", err)
	}
	all := map[string]int{}
	for _, p := range parts {
		all[p.Name] = p.Restarts
	}
	return all, nil
}

// usage is the memory of one function compared with its limit.
type usage struct {
	function    string
	peak, limit int64
}

func (u usage) String() string {
	if u.function == "" {
		return ""
	}
	return fmt.Sprintf("%s %d of %d MB", u.function, u.peak/mebibyte, u.limit/mebibyte)
}

// nearest is the function that came closest to the memory limit in its func.yaml.
func (b *battle) nearest(ctx context.Context) (usage, error) {
	usages, err := b.stack.Usages(ctx)
	if err != nil {
		return usage{}, fmt.Errorf("measure the memory: %w", err)
	}
	var most usage
	for _, u := range usages {
		limit := b.limits[u.Name]
		if limit > 0 && (most.limit == 0 || float64(u.Peak)/float64(limit) > float64(most.peak)/float64(most.limit)) {
			most = usage{u.Name, u.Peak, limit}
		}
	}
	return most, nil
}

// memoryLimits reads the memory limit of each function.
func memoryLimits(root string, names []string) (map[string]int64, error) {
	limits := map[string]int64{}
	for _, name := range names {
		content, err := os.ReadFile(filepath.Join(root, "functions", name, "func.yaml"))
		if err != nil {
			return nil, err
		}
		var f struct {
			Deploy struct {
				Options struct {
					Resources struct{ Limits struct{ Memory string } }
				}
			}
		}
		if err := yaml.Unmarshal(content, &f); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		var n int64
		if _, err := fmt.Sscanf(f.Deploy.Options.Resources.Limits.Memory, "%dMi", &n); err != nil {
			return nil, fmt.Errorf("%s has no memory limit in Mi: %w", name, err)
		}
		limits[name] = n * mebibyte
	}
	return limits, nil
}

// errors counts the victim's failed requests, by kind and error.
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

// late counts the victim's responses that came too late in any case.
func (f *fight) late() (n int) {
	for _, one := range f.felt {
		if f.attack.bearable > 0 && one.what != doesSee && one.took > f.attack.bearable {
			n++
		}
	}
	return n
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

// broken lists what must never happen, however slow the machine is.
func (f *fight) broken() []string {
	var all []string
	if f.err != nil {
		all = append(all, "the attack could not be made: "+f.err.Error())
	}
	if n := len(f.felt); n == 0 && f.err == nil && !f.alone {
		all = append(all, "the victim did nothing")
	}
	if errs := f.errors(); len(errs) > 0 {
		all = append(all, fmt.Sprintf("another user was refused: %s", counted(errs)))
	}
	if n := f.late(); n > 0 {
		all = append(all, fmt.Sprintf("another user waited longer than %v for %d responses", f.attack.bearable, n))
	}
	for _, what := range slices.Sorted(maps.Keys(f.wrong)) {
		all = append(all, fmt.Sprintf("%s (%d times)", what, f.wrong[what]))
	}
	if f.unmeasured != nil {
		all = append(all, "what it did to the parts is not known: "+f.unmeasured.Error())
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
