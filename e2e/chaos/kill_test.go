package chaos

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/load"
	"taskwire.dev/e2e/stack"
)

// TestWhateverIsKilled_NothingIsLostDoubledOrOutOfOrder kills every part in turn, several times, under a load of a
// hundred changes a second with a stream for every user. Then it compares the acknowledged changes with the database,
// the audit log, the topic and the streams.
func TestWhateverIsKilled_NothingIsLostDoubledOrOutOfOrder(t *testing.T) {
	w := setup(t)
	for range 3 {
		run(t, "tasks between commit and publish", func(t *testing.T) {
			check.NoError(t, w.failpoint(check.Within(t, timeout), "after-commit"))
			w.Recovered(t)
		})
	}
	for _, victim := range []struct {
		part  string
		times int
	}{
		{"tasks", 2},
		{stack.Sidecar("tasks"), 2},
		{"gateway", 3},
		{stack.Sidecar("gateway"), 2},
		{"outbox-relay", 2},
		{stack.Sidecar("outbox-relay"), 1},
		{"auth", 1},
		{stack.Redis, 2},
		{stack.Broker, 2},
		{stack.Postgres, 3},
	} {
		for range victim.times {
			run(t, "kill -9 "+victim.part, func(t *testing.T) {
				ctx := check.Within(t, timeout)
				before := check.Must(w.Kill9(ctx, victim.part))(t)
				check.Must(w.WaitReplaced(ctx, before))(t)
				w.Recovered(t)
			})
		}
	}
	for _, part := range []string{stack.Broker, stack.Sidecar("tasks"), stack.Sidecar("gateway"), "outbox-relay", stack.Redis} {
		run(t, "without "+part+" writes go on as usual", func(t *testing.T) { writesGoOnWithout(t, w, part) })
	}
	run(t, "without Redis the streams go on too", func(t *testing.T) { streamsGoOnWithoutRedis(t, w) })
	run(t, "without PostgreSQL the answer is 503, and service resumes without help", func(t *testing.T) { refusesWithoutDatabase(t, w) })
	for _, function := range []string{"tasks", "gateway", "outbox-relay", "auth"} {
		run(t, "rolling restart of "+function, func(t *testing.T) { restartsCleanly(t, w, function) })
	}
	w.Verify(t)
	check.NoError(t, w.RebuildCheck(check.Within(t, timeout)))
}

// run runs a step that later steps depend on: after a failure they would only fail too.
func run(t *testing.T, name string, f func(*testing.T)) {
	t.Helper()
	start := time.Now()
	if !t.Run(name, f) {
		t.FailNow()
	}
	t.Logf("%5.1f s  %s", time.Since(start).Seconds(), name)
}

// writesGoOnWithout stops a part that no request may wait for.
func writesGoOnWithout(t *testing.T, w *chaos, part string) {
	ctx := check.Within(t, timeout)
	before := w.Writer.Refusals()
	check.NoError(t, w.Hold(ctx, part))
	released := false
	defer func() {
		if !released {
			_ = w.Release(context.WithoutCancel(ctx), part)
		}
	}()
	writes := check.Must(w.Writer.Await(ctx, time.Now(), 4*rate))(t)
	// A request that waited for the part would take its whole timeout, each time. The median shows that; p99 also has
	// the stalls of a busy machine.
	limit := max(500*time.Millisecond, 4*w.Normal)
	if median := load.Quantile(writes, 0.5); median > limit {
		t.Errorf("half of the writes take longer than %v, and p99 is %v without a fault", median, w.Normal)
	} else {
		t.Logf("median of %d writes: %v, p99 %v (%v without a fault)", len(writes), median, load.Quantile(writes, 0.99), w.Normal)
	}
	if refused := w.RefusedSince(before); len(refused) > 0 {
		t.Errorf("writes were rejected: %v", refused)
	}
	released = true
	check.NoError(t, w.Release(ctx, part))
	check.Must(w.WaitHealthy(ctx, part))(t)
	w.Recovered(t)
}

func streamsGoOnWithoutRedis(t *testing.T, w *chaos) {
	ctx := check.Within(t, timeout)
	check.NoError(t, w.Hold(ctx, stack.Redis))
	defer func() {
		check.NoError(t, w.Release(context.WithoutCancel(ctx), stack.Redis))
		check.Must(w.WaitHealthy(ctx, stack.Redis))(t)
	}()
	w.Recovered(t)
	// A new user without a cached session is served too.
	newcomer := check.Must(load.Register(ctx, w.Anybody, 1))(t)[0]
	check.Must(w.Anybody.As(newcomer.Token).CreateTask(ctx, client.Fields{"title": "Without Redis"}))(t)
}

// answerLimit is the time within which requests must be rejected while the database is unavailable.
const answerLimit = 5 * time.Second

func refusesWithoutDatabase(t *testing.T, w *chaos) {
	ctx := check.Within(t, timeout)
	check.NoError(t, w.Hold(ctx, stack.Postgres))
	released := false
	defer func() {
		if !released {
			_ = w.Release(context.WithoutCancel(ctx), stack.Postgres)
		}
	}()
	somebody := w.Anybody.As(w.Users[0].Token)
	for _, request := range []client.Request{
		{Method: http.MethodPost, Path: "/api/todos", JSON: client.Fields{"title": "Lost?"}, Header: map[string]string{"Idempotency-Key": "chaos-refused"}},
		{Method: http.MethodGet, Path: "/api/todos"},
		{Method: http.MethodGet, Path: "/api/history"},
		{Method: http.MethodGet, Path: client.StreamPath},
	} {
		asked := time.Now()
		r := check.Must(somebody.Do(ctx, request))(t)
		took := time.Since(asked)
		what := request.Method + " " + request.Path
		if r.Status != http.StatusServiceUnavailable {
			t.Errorf("%s: %d %s, want 503", what, r.Status, r.Body)
		}
		if r.Header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", what)
		}
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/problem+json") {
			t.Errorf("%s: answered with %s", what, r.Header.Get("Content-Type"))
		}
		if took > answerLimit {
			t.Errorf("%s: the response took %v", what, took)
		}
		t.Logf("%s: %d after %v", what, r.Status, took.Round(time.Millisecond))
	}
	released = true
	check.NoError(t, w.Release(ctx, stack.Postgres))
	check.Must(w.WaitHealthy(ctx, stack.Postgres))(t)
	back := time.Now()
	check.Must(w.Writer.Await(ctx, back, 1))(t)
	t.Logf("a write was acknowledged %v after the database was back", time.Since(back).Round(time.Millisecond))
	w.Recovered(t)
	if took := time.Since(back); took > 20*time.Second {
		t.Errorf("handling everything that waited took %v", took)
	}
}

// restartsCleanly stops a function as a rollout does. No request in flight may be lost. The load cannot show that: its client
// repeats some requests itself, and the gateway answers 503 whether a function refused a request or dropped it.
func restartsCleanly(t *testing.T, w *chaos, function string) {
	ctx := check.Within(t, timeout)
	before, reports := w.Writer.Refusals(), w.Reports()
	server := check.Must(w.Values(ctx))(t).Functions[function].URL
	var long *inFlight
	if r, ok := longRequests[function]; ok {
		// By another user than the load's, whose changes are counted.
		newcomer := check.Must(load.Register(ctx, w.Anybody, 1))(t)[0]
		long = check.Must(begin(ctx, server, newcomer.Token, r))(t)
	}
	old := check.Must(w.Terminate(ctx, function))(t)
	if long != nil {
		refusesConnections(ctx, t, server)
		if err := long.finish(); err != nil {
			t.Errorf("%s lost a request in flight: %v", function, err)
		}
	}
	check.Must(w.WaitReplaced(ctx, old))(t)
	w.Recovered(t)
	refused := w.RefusedSince(before)
	t.Logf("tried again: %v", refused)
	if n := refused["timeout"]; n > 0 {
		t.Errorf("%d requests got no response", n)
	}
	if function != "gateway" {
		return
	}
	for i, now := range w.Reports() {
		if now.Connects == reports[i].Connects {
			t.Errorf("a stream of user %s survived its gateway", now.User.ID)
		}
		if now.Retries == reports[i].Retries {
			t.Errorf("a stream of user %s got no retry", now.User.ID)
		}
	}
}
