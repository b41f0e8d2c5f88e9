package traffic

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestQuantilesAreAccurateToWithinATenthAlsoAfterTransport(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		took := time.Duration(rapid.Int64Range(int64(unit), int64(longest)).Draw(t, "duration"))
		here := NewSeries()
		here.Took.Record(took)
		text, err := json.Marshal(here)
		if err != nil {
			t.Fatal(err)
		}
		there := NewSeries()
		var read Series
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		there.Add(&read)
		ms := float64(took) / float64(time.Millisecond)
		if got := there.Took.Quantile(0.99); got < ms*0.9-0.1 || got > ms*1.1 || there.Took.Count() != 1 {
			t.Fatalf("%v became %v ms, %d of them", took, got, there.Took.Count())
		}
	})
}

func TestDurationsBeyondTheRangeCount(t *testing.T) {
	t.Parallel()
	d := NewDurations()
	for _, took := range []time.Duration{-time.Second, 0, time.Hour} {
		d.Record(took)
	}
	if d.Count() != 3 || d.Quantile(1) < 55_000 {
		t.Errorf("%d, the longest %v ms", d.Count(), d.Quantile(1))
	}
}

func TestNoDurationsTravelToo(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(NewSeries())
	if err != nil {
		t.Fatal(err)
	}
	var read Series
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	read.Took.Record(time.Second)
	if read.Took.Count() != 1 {
		t.Errorf("%s was read as %d durations", text, read.Took.Count()-1)
	}
}
