package meter

import (
	"math"
	"testing"
	"time"
)

var start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func TestReportHasTheRateOfAMinuteAndTheDurationsOfFive(t *testing.T) {
	t.Parallel()
	var m Meter
	for i := range 60 {
		m.Answered("tasks", start.Add(time.Duration(i)*time.Second), 10*time.Millisecond, i == 7)
	}
	m.Answered("auth", start.Add(-4*time.Minute), time.Second, false) // outside the last minute
	m.Answered("mcp", start.Add(-6*time.Minute), time.Second, false)  // expired
	m.Streamed(start, 20*time.Millisecond)
	m.Streamed(start, -time.Second) // clocks differ
	got := m.Report(start.Add(60*time.Second - time.Nanosecond))
	if len(got.Functions) != 2 {
		t.Fatalf("%+v", got)
	}
	if auth := got.Functions["auth"]; auth.PerSecond != 0 || auth.Took.Count() != 1 {
		t.Errorf("auth: %+v", auth)
	}
	if tasks := got.Functions["tasks"]; tasks.Took.Count() != 60 || tasks.Failed != 1 || math.Abs(tasks.PerSecond-1) > 0.01 ||
		tasks.Took.Quantile(0.5) < 8 || tasks.Took.Quantile(0.5) > 12.5 {
		t.Errorf("tasks: %+v", tasks)
	}
	if s := got.Stream; s.Took.Count() != 1 || s.Took.Quantile(0.5) < 16 || s.Took.Quantile(0.5) > 25 {
		t.Errorf("stream: %+v", s)
	}
}
