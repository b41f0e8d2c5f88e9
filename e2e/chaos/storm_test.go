package chaos

import (
	"os"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/chaos/engine"
	"taskwire.dev/e2e/chaos/fault"
	"taskwire.dev/e2e/check"
)

// seed is the seed of the storm in `make test`; another seed produces another storm.
const seed = 12

// TestRandomHistories_UnderRandomFaults_EveryPromiseHolds is a short `make chaos` on the tests' stack, without the
// faults that need a separate stack: copies, a proxy between the parts, and disks that can be full.
func TestRandomHistories_UnderRandomFaults_EveryPromiseHolds(t *testing.T) {
	s := openStack(t)
	inject := &fault.Injector{Stack: s, Values: check.Must(s.Values(check.Within(t, timeout)))(t)}
	kinds := []fault.Kind{fault.Kill, fault.Pause, fault.Terminate, fault.Away, fault.AtCommit, fault.Flush, fault.Clock}
	if args := os.Getenv("TASKWIRE_UP"); args != "" { // how to start the stack again
		inject.Up = strings.Fields(args)
		kinds = append(kinds, fault.Supervisor, fault.PowerCut)
	}
	storm := check.Must(engine.Run(t.Context(), inject, engine.Options{
		Seed: seed, Rate: rate, Users: 50, Streams: 2, Duration: time.Minute, Calm: time.Second, RecoveryTimeout: 90 * time.Second,
		Kinds: kinds, Say: t.Logf,
	}))(t)
	for i, v := range storm.Violations() {
		if i == 20 {
			t.Errorf("and %d more", len(storm.Violations())-i)
			break
		}
		t.Error(v)
	}
	if storm.Faults() < 5 || storm.Acknowledged() < 1000 {
		t.Errorf("only %d faults and %d changes: not enough to prove anything", storm.Faults(), storm.Acknowledged())
	}
	t.Log("\n" + engine.Table([]*engine.Result{storm}))
}
