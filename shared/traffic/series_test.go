package traffic

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBucketsHoldWhatFallsIntoThem(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "duration"))
		i := Bucket(d)
		low, high := bounds(i)
		ms := float64(d) / float64(time.Millisecond)
		if ms < low*0.9999 || ms > high*1.0001 && i < BucketCount-1 {
			t.Fatalf("%v fell into %v to %v ms", d, low, high)
		}
	})
}
