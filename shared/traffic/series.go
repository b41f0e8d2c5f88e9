// Package traffic is how gateways report what they see of requests and streams: durations counted in buckets, which can be
// added up over several gateways, and Redis, where each leaves its report.
package traffic

import (
	"math"
	"slices"
	"time"
)

// Buckets grow by a quarter from half a millisecond to a minute and more.
const (
	firstBucket  = 500 * time.Microsecond
	bucketGrowth = 1.25
	// BucketCount is how many buckets there are.
	BucketCount = 54
)

// Report is what one gateway has seen.
type Report struct {
	Functions map[string]Series `json:"functions"`
	Stream    Series            `json:"stream"`
}

// Series is how often something was seen and how long it took.
type Series struct {
	PerSecond float64       `json:"per_second"`
	Failed    int64         `json:"failed"`
	Buckets   map[int]int64 `json:"buckets"` // how many by duration; without those that nothing fell into
}

// Add adds what was seen elsewhere.
func (s *Series) Add(other Series) {
	if s.Buckets == nil {
		s.Buckets = map[int]int64{}
	}
	s.PerSecond += other.PerSecond
	s.Failed += other.Failed
	for i, n := range other.Buckets {
		s.Buckets[i] += n
	}
}

// Count is how often something was seen.
func (s *Series) Count() (n int64) {
	for _, in := range s.Buckets {
		n += in
	}
	return n
}

// Quantile is in milliseconds. Within a bucket durations are taken to be spread evenly.
func (s *Series) Quantile(q float64) float64 {
	rank := q * float64(s.Count())
	keys := make([]int, 0, len(s.Buckets))
	for i := range s.Buckets {
		keys = append(keys, i)
	}
	slices.Sort(keys)
	for _, i := range keys {
		n := float64(s.Buckets[i])
		if rank <= n {
			low, high := bounds(i)
			return math.Round(100*(low+(high-low)*rank/n)) / 100
		}
		rank -= n
	}
	return 0
}

// Bucket returns the bucket that a duration falls into.
func Bucket(d time.Duration) int {
	if d <= firstBucket {
		return 0
	}
	return min(1+int(math.Log(float64(d)/float64(firstBucket))/math.Log(bucketGrowth)), BucketCount-1)
}

// bounds of a bucket in milliseconds.
func bounds(i int) (low, high float64) {
	first := float64(firstBucket) / float64(time.Millisecond)
	if i == 0 {
		return 0, first
	}
	return first * math.Pow(bucketGrowth, float64(i-1)), first * math.Pow(bucketGrowth, float64(i))
}
