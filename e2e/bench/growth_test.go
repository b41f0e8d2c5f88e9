package main

import (
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"taskwire.dev/e2e/client"
)

func TestCurve_FitsALine(t *testing.T) {
	t.Parallel()
	c := curve{Points: []point{{1, 12}, {10, 31}, {100, 209}, {1000, 2011}}}
	a, b := c.line()
	if math.Abs(a-10) > 1 || math.Abs(b-2) > 0.01 {
		t.Errorf("fitted %g + %g·n, want about 10 + 2·n", a, b)
	}
}

func TestGrowth_ShowsTheCostOfMore(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	growth(&out, []curve{{"streams", "memory in KB", "%s KB each", 1, []point{{1, 100}, {1001, 2100}}}})
	if !strings.Contains(out.String(), "98 + 2·n | 2 KB each") {
		t.Errorf("got\n%s", out.String())
	}
}

// slowServer answers a creation after 3 ms and a deletion after a second.
type slowServer struct{ deleted int }

func (s *slowServer) RoundTrip(r *http.Request) (*http.Response, error) {
	status, body := http.StatusCreated, `{"id":"1"}`
	if r.Method == http.MethodDelete {
		time.Sleep(time.Second)
		s.deleted++
		status, body = http.StatusNoContent, ""
	} else {
		time.Sleep(3 * time.Millisecond)
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

func TestCreateTime_DoesNotCountTheDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := &slowServer{}
		c := client.New("http://bench.invalid", server)
		took, err := medianTime(func() (time.Duration, error) { return createTime(t.Context(), c) })
		if err != nil || took != 3 || server.deleted != growRepeats {
			t.Errorf("%v ms, %v, %d deleted; want 3 ms and all %d deleted", took, err, server.deleted, growRepeats)
		}
	})
}
