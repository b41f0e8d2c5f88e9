package cluster

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// TestEveryFunctionSleepsAndWakes lets all functions fall asleep and then sends each one a request: the request that
// wakes it must get a response, however much has to start first.
func TestEveryFunctionSleepsAndWakes(t *testing.T) {
	place(t)
	ctx := check.Within(t, 2*timeout)
	silence(ctx, t)
	sleeping := slices.DeleteFunc(check.Must(functions(ctx))(t), func(f function) bool { return !f.sleeps() })
	if len(sleeping) == 0 {
		t.Fatal("nothing is deployed that could sleep")
	}
	asleep(ctx, t, sleeping...)
	for i, f := range sleeping {
		t.Run(f.name, func(t *testing.T) {
			asleep(ctx, t, sleeping[:max(0, i-2)]...) // otherwise a small node has no room for the last ones
			asleep(ctx, t, f)                         // an earlier one may have woken it
			started := time.Now()
			status := check.Must(ask(ctx, f.address()+"/health/readiness"))(t)
			took := time.Since(started)
			if status != http.StatusOK {
				t.Errorf("the first request to sleeping %s got %d", f.name, status)
			}
			whole := replicas(ctx, t, f.name, 1)
			beside := "none"
			if f.sidecar {
				beside = fmt.Sprintf("ready after %.1f s", time.Since(started).Seconds())
			}
			measure(t, "cold start", f.name, fmt.Sprintf("%.1f s", took.Seconds()), beside)
			if len(whole) == 0 {
				t.Error("it responded, but no pod is ready")
			}
		})
	}
}

// awake waits until a function responds at Knative's address, which waits as long as the pod needs to start.
func awake(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	eventually.Succeeds(ctx, t, name+" is awake", func() error {
		status, err := ask(ctx, function{name: name, kind: serving}.address()+"/health/readiness")
		if err == nil && status != http.StatusOK {
			err = fmt.Errorf("it answers %d", status)
		}
		return err
	})
}

func ask(ctx context.Context, url string) (int, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	answer, err := transport().RoundTrip(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	return answer.StatusCode, nil
}

// TestFirstChangeThroughSleepingFunctions writes while only the gateway is awake, and waits for the change on a stream
// that was open all the time.
func TestFirstChangeThroughSleepingFunctions(t *testing.T) {
	at := place(t)
	ctx := check.Within(t, 2*timeout)
	silence(ctx, t)
	ada, _ := newUser(ctx, t, at)
	stream := check.Must(ada.OpenStream(ctx, "", nil))(t)
	defer stream.Close()
	sleeping := slices.DeleteFunc(check.Must(functions(ctx))(t), func(f function) bool { return !f.sleeps() })
	asleep(ctx, t, sleeping...)

	started := time.Now()
	task := check.Must(ada.CreateTask(ctx, client.Fields{"title": "Good morning"}))(t)
	answered := time.Since(started)
	for {
		frame := check.Must(stream.Next(ctx))(t)
		if frame.Event != "sync.task-changed" {
			continue
		}
		if change := check.Must(frame.Change())(t); change.TaskID != task.ID || change.Seq != 1 {
			t.Fatalf("the stream delivered %+v", change)
		}
		break
	}
	measure(t, "through sleeping functions", "a change by REST, to its answer", fmt.Sprintf("%.1f s", answered.Seconds()))
	measure(t, "through sleeping functions", "the same change, to the stream", fmt.Sprintf("%.1f s", time.Since(started).Seconds()))
}
