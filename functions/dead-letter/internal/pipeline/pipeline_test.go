package pipeline

import (
	"testing"
	"time"

	"taskwire.dev/shared/traffic"
)

var start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func TestMergeAddsUpWhatSeveralGatewaysHaveSeen(t *testing.T) {
	t.Parallel()
	seen := func(perSecond float64, failed int64, n int, took time.Duration) *traffic.Series {
		s := traffic.NewSeries()
		s.PerSecond, s.Failed = perSecond, failed
		for range n {
			s.Took.Record(took)
		}
		return s
	}
	got := Merge([]traffic.Report{
		{
			Functions: map[string]*traffic.Series{"tasks": seen(1, 1, 60, 10*time.Millisecond)},
			Stream:    seen(0, 0, 1, 20*time.Millisecond),
		},
		{
			Functions: map[string]*traffic.Series{
				"tasks": seen(1, 0, 60, 100*time.Millisecond), "auth": seen(0, 0, 1, 100*time.Millisecond),
			},
			Stream: seen(0, 0, 0, 0),
		},
	})
	if got.Gateways != 2 || len(got.Functions) != 2 {
		t.Fatalf("%+v", got)
	}
	if auth := got.Functions[0]; auth.Function != "auth" || auth.PerSecond != 0 || auth.Requests != 1 {
		t.Errorf("auth: %+v", auth)
	}
	tasks := got.Functions[1]
	if tasks.Requests != 120 || tasks.Failed != 1 || tasks.PerSecond != 2 || tasks.P50 > 12.5 || tasks.P95 < 80 || tasks.P95 > 125 {
		t.Errorf("tasks: %+v", tasks)
	}
	if d := got.CommitToStream; d == nil || d.Events != 1 || d.P50 < 16 || d.P50 > 25 {
		t.Errorf("commit to stream: %+v", d)
	}
	if of := Merge(nil); of.CommitToStream != nil || of.Gateways != 0 || of.Functions == nil {
		t.Errorf("of nobody: %+v", of)
	}
}

func TestProgressTellsHowFastGroupsGetOn(t *testing.T) {
	t.Parallel()
	var p Progress
	look := func(after time.Duration, committed int64) *float64 {
		b := &Broker{MeasuredAt: start.Add(after), Groups: []Group{{Group: "mcp", Committed: committed}}}
		p.Note(b)
		return b.Groups[0].HandledPerSecond
	}
	if rate := look(0, 100); rate != nil {
		t.Errorf("of one look: %v", *rate)
	}
	if rate := look(10*time.Second, 150); rate == nil || *rate != 5 {
		t.Errorf("5 a second: %v", rate)
	}
	if rate := look(20*time.Second, 90); rate != nil {
		t.Errorf("set back: %v", *rate)
	}
	if rate := look(2*time.Minute, 400); rate != nil {
		t.Errorf("too long ago: %v", *rate)
	}
}
