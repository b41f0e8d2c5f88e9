package fn_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/fn"
)

type config struct {
	Name string `env:"NAME,required"`
}

func answer(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func status(t *testing.T, b *fn.Base) int {
	t.Helper()
	w := httptest.NewRecorder()
	b.Handle(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return w.Code
}

func ready(t *testing.T, b *fn.Base) bool {
	t.Helper()
	ready, err := b.Ready(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ready
}

func TestNothingIsAnsweredBeforeTheFunctionHasStarted(t *testing.T) {
	t.Parallel()
	var got config
	b := fn.New(func(_ context.Context, c config) (http.Handler, error) {
		got = c
		return http.HandlerFunc(answer), nil
	})
	if s := status(t, b); s != http.StatusServiceUnavailable || ready(t, b) {
		t.Errorf("%d, ready %t", s, ready(t, b))
	}
	if err := b.Start(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "NAME") {
		t.Errorf("%v, want an error that names what is missing", err)
	}
	if err := b.Stop(t.Context()); err != nil || ready(t, b) {
		t.Errorf("%v, ready %t", err, ready(t, b))
	}
	if err := b.Start(t.Context(), map[string]string{"NAME": "x"}); err != nil {
		t.Fatal(err)
	}
	if s := status(t, b); s != http.StatusNoContent || !ready(t, b) || got.Name != "x" {
		t.Errorf("%d, ready %t, %+v", s, ready(t, b), got)
	}
}

func TestReadyAsksForAllThatIsNeeded(t *testing.T) {
	t.Parallel()
	var away error
	var b *fn.Base
	b = fn.New(func(context.Context, struct{}) (http.Handler, error) {
		b.Needs(func(context.Context) error { return nil })
		b.Needs(func(context.Context) error { return away })
		return http.HandlerFunc(answer), nil
	})
	if err := b.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{nil, errors.New("away"), nil} {
		if away = err; ready(t, b) != (err == nil) {
			t.Errorf("with %v ready is %t", err, ready(t, b))
		}
	}
}

func TestStop_EndsTheWorkAndThenClosesTheLastFirst(t *testing.T) {
	t.Parallel()
	var order []string
	var b *fn.Base
	b = fn.New(func(ctx context.Context, _ struct{}) (http.Handler, error) {
		b.OnStop(func() { order = append(order, "pool") })
		b.OnStop(func() { order = append(order, "publisher's pool") })
		b.Go(func(own context.Context) {
			<-own.Done()
			<-ctx.Done()
			order = append(order, "work")
		})
		return http.HandlerFunc(answer), nil
	})
	if err := b.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if err := b.Stop(t.Context()); err != nil || !slices.Equal(order, []string{"work", "publisher's pool", "pool"}) {
		t.Errorf("%v, %v", order, err)
	}
}

func TestStop_DoesNotWaitForEverNorCloseWhatIsInUse(t *testing.T) {
	t.Parallel()
	end := make(chan struct{})
	defer close(end)
	var b *fn.Base
	b = fn.New(func(context.Context, struct{}) (http.Handler, error) {
		b.OnStop(func() { t.Error("it was closed") })
		b.Go(func(context.Context) { <-end })
		return http.HandlerFunc(answer), nil
	})
	if err := b.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Stop(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
