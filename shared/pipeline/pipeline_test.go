package pipeline

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var start = time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)

func TestMeterTellsRatesAndLatencyOfSeveralGateways(t *testing.T) {
	t.Parallel()
	var a, b Meter
	for i := range 60 {
		a.Answered("tasks", start.Add(time.Duration(i)*time.Second), 10*time.Millisecond, i == 7)
		b.Answered("tasks", start.Add(time.Duration(i)*time.Second), 100*time.Millisecond, false)
	}
	b.Answered("auth", start.Add(-4*time.Minute), time.Second, false) // no part of the last minute
	b.Answered("mcp", start.Add(-6*time.Minute), time.Second, false)  // forgotten
	a.Streamed(start, 20*time.Millisecond)
	a.Streamed(start, -time.Second) // clocks differ
	now := start.Add(60*time.Second - time.Nanosecond)
	var reports []Report
	for _, m := range []*Meter{&a, &b} {
		// As it goes through Redis.
		wire, err := json.Marshal(m.Report(now))
		if err != nil {
			t.Fatal(err)
		}
		var r Report
		if err := json.Unmarshal(wire, &r); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	got := Merge(reports)
	if got.Gateways != 2 || len(got.Functions) != 2 {
		t.Fatalf("%+v", got)
	}
	if auth := got.Functions[0]; auth.Function != "auth" || auth.PerSecond != 0 || auth.Requests != 1 {
		t.Errorf("auth: %+v", auth)
	}
	tasks := got.Functions[1]
	if tasks.Requests != 120 || tasks.Failed != 1 || math.Abs(tasks.PerSecond-2) > 0.01 || tasks.P50 > 12.5 || tasks.P95 < 80 || tasks.P95 > 125 {
		t.Errorf("tasks: %+v", tasks)
	}
	if d := got.CommitToStream; d == nil || d.Events != 1 || d.P50 < 16 || d.P50 > 25 {
		t.Errorf("commit to stream: %+v", d)
	}
	if of := Merge(nil); of.CommitToStream != nil || of.Gateways != 0 || of.Functions == nil {
		t.Errorf("of nobody: %+v", of)
	}
}

func TestBucketsHoldWhatFallsIntoThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "duration"))
		i := bucketOf(d)
		low, high := bounds(i)
		ms := float64(d) / float64(time.Millisecond)
		if ms < low*0.9999 || ms > high*1.0001 && i < bucketCount-1 {
			t.Fatalf("%v fell into %v to %v ms", d, low, high)
		}
	})
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
