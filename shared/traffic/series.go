// Package traffic is how gateways report what they see of requests and streams: histograms, which can be added up over
// several gateways, and Redis, where each leaves its report.
package traffic

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Report is what one gateway has seen.
type Report struct {
	Functions map[string]*Series `json:"functions"`
	Stream    *Series            `json:"stream"`
}

// Series is how often something was seen and how long it took.
type Series struct {
	PerSecond float64   `json:"per_second"`
	Failed    int64     `json:"failed"`
	Took      Durations `json:"took"`
}

// NewSeries returns a Series of nothing.
func NewSeries() *Series { return &Series{Took: NewDurations()} }

// Add adds what was seen elsewhere.
func (s *Series) Add(other *Series) {
	s.PerSecond += other.PerSecond
	s.Failed += other.Failed
	s.Took.Add(other.Took)
}

// Durations is a histogram of durations up to a minute, accurate to within a tenth. Its text is HdrHistogram's own.
type Durations struct{ hdr *hdrhistogram.Histogram }

const (
	unit    = 100 * time.Microsecond
	longest = time.Minute
)

// NewDurations returns an empty histogram.
func NewDurations() Durations { return Durations{hdrhistogram.New(1, int64(longest/unit), 1)} }

// Record adds a duration. What is longer than a minute counts as a minute.
func (d Durations) Record(took time.Duration) {
	_ = d.hdr.RecordValue(int64(min(max(took, unit), longest) / unit)) // in its range
}

// Add adds the durations of other.
func (d Durations) Add(other Durations) { d.hdr.Merge(other.hdr) }

// Count is the number of durations.
func (d Durations) Count() int64 { return d.hdr.TotalCount() }

// Quantile is in milliseconds; q is from 0 to 1.
func (d Durations) Quantile(q float64) float64 {
	return float64(d.hdr.ValueAtQuantile(100*q)) * float64(unit) / float64(time.Millisecond)
}

// MarshalText implements encoding.TextMarshaler. No durations are an empty text: compressing them takes a megabyte each time, and most
// gateways are idle most of the time.
func (d Durations) MarshalText() ([]byte, error) {
	if d.Count() == 0 {
		return nil, nil
	}
	return d.hdr.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Durations) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*d = NewDurations()
		return nil
	}
	d.hdr, err = hdrhistogram.Decode(text)
	return err
}
