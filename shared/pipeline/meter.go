package pipeline

import (
	"math"
	"slices"
	"sync"
	"time"
)

const (
	slotTime    = 5 * time.Second
	slotCount   = int64(5 * time.Minute / slotTime)
	minuteSlots = int64(time.Minute / slotTime)

	// Buckets grow by a quarter from half a millisecond to a minute and more.
	firstBucket  = 500 * time.Microsecond
	bucketGrowth = 1.25
	bucketCount  = 54
)

// Meter counts what a gateway sees, over the last five minutes. It is safe for concurrent use.
type Meter struct {
	mu    sync.Mutex
	slots [slotCount]slot
}

// slot is what was seen in one slotTime.
type slot struct {
	number    int64 // since 1970
	functions map[string]*tally
	stream    tally
}

type tally struct {
	buckets [bucketCount]int64
	failed  int64
}

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

// Answered counts an answer of a function.
func (m *Meter) Answered(function string, at time.Time, took time.Duration, failed bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.slot(at)
	t := s.functions[function]
	if t == nil {
		t = &tally{}
		s.functions[function] = t
	}
	t.buckets[bucketOf(took)]++
	if failed {
		t.failed++
	}
}

// Streamed counts a change that went to streams. One of the future tells only that two clocks differ.
func (m *Meter) Streamed(at time.Time, took time.Duration) {
	if took < 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.slot(at).stream.buckets[bucketOf(took)]++
}

// slot returns the slot of a moment, emptied of what was there five minutes before. The caller holds m.mu.
func (m *Meter) slot(at time.Time) *slot {
	number := at.UnixNano() / int64(slotTime)
	s := &m.slots[number%slotCount]
	if s.number != number {
		*s = slot{number: number, functions: map[string]*tally{}}
	}
	return s
}

// Report sums up what was seen until now.
func (m *Meter) Report(now time.Time) Report {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := now.UnixNano() / int64(slotTime)
	minute := now.Sub(time.Unix(0, (last-minuteSlots+1)*int64(slotTime))).Seconds()
	r := Report{Functions: map[string]Series{}}
	for i := range m.slots {
		s := &m.slots[i]
		if s.number <= last-slotCount || s.number > last {
			continue
		}
		over := math.Inf(1) // older than a minute: it adds nothing to the rate
		if s.number > last-minuteSlots {
			over = minute
		}
		for name, t := range s.functions {
			series := r.Functions[name]
			series.add(t.series(over))
			r.Functions[name] = series
		}
		r.Stream.add(s.stream.series(over))
	}
	return r
}

func (t *tally) series(seconds float64) Series {
	s := Series{Failed: t.failed, Buckets: map[int]int64{}}
	for i, n := range t.buckets {
		if n > 0 {
			s.Buckets[i] = n
		}
	}
	s.PerSecond = float64(s.count()) / seconds
	return s
}

func (s *Series) add(other Series) {
	if s.Buckets == nil {
		s.Buckets = map[int]int64{}
	}
	s.PerSecond += other.PerSecond
	s.Failed += other.Failed
	for i, n := range other.Buckets {
		s.Buckets[i] += n
	}
}

func (s *Series) count() (n int64) {
	for _, in := range s.Buckets {
		n += in
	}
	return n
}

func (s *Series) latency() Latency {
	return Latency{s.quantile(0.5), s.quantile(0.95), s.quantile(0.99)}
}

// quantile is in milliseconds. Within a bucket durations are taken to be spread evenly.
func (s *Series) quantile(q float64) float64 {
	rank := q * float64(s.count())
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

func bucketOf(d time.Duration) int {
	if d <= firstBucket {
		return 0
	}
	return min(1+int(math.Log(float64(d)/float64(firstBucket))/math.Log(bucketGrowth)), bucketCount-1)
}

// bounds of a bucket in milliseconds.
func bounds(i int) (low, high float64) {
	first := float64(firstBucket) / float64(time.Millisecond)
	if i == 0 {
		return 0, first
	}
	return first * math.Pow(bucketGrowth, float64(i-1)), first * math.Pow(bucketGrowth, float64(i))
}
