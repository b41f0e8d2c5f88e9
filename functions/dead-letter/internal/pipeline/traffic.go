package pipeline

import (
	"slices"
	"strings"

	"taskwire.dev/shared/traffic"
)

// Traffic is what all gateways have measured: requests to functions, and changes on their way to streams.
type Traffic struct {
	Gateways  int        `json:"gateways"` // that have reported
	Functions []Function `json:"functions"`
	// CommitToStream is nil when no change was sent to a stream.
	CommitToStream *Delay `json:"commit_to_stream"`
}

// Function is how one function responded to the gateways: the rate over the last minute, the rest over five.
type Function struct {
	Function  string  `json:"function"`
	PerSecond float64 `json:"per_second"`
	Requests  int64   `json:"requests"`
	Failed    int64   `json:"failed"` // with 5xx, or no response
	Latency
}

// Delay is a distribution of durations over the last five minutes.
type Delay struct {
	Events int64 `json:"events"`
	Latency
}

// Latency is in milliseconds, accurate to within a tenth.
type Latency struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
}

func latency(took traffic.Durations) Latency {
	return Latency{took.Quantile(0.5), took.Quantile(0.95), took.Quantile(0.99)}
}

// Merge adds up the reports of the gateways.
func Merge(reports []traffic.Report) Traffic {
	total, stream := map[string]*traffic.Series{}, traffic.NewSeries()
	for _, report := range reports {
		for name, s := range report.Functions {
			if total[name] == nil {
				total[name] = traffic.NewSeries()
			}
			total[name].Add(s)
		}
		stream.Add(report.Stream)
	}
	t := Traffic{Gateways: len(reports), Functions: []Function{}}
	for name, s := range total {
		t.Functions = append(t.Functions, Function{name, s.PerSecond, s.Took.Count(), s.Failed, latency(s.Took)})
	}
	slices.SortFunc(t.Functions, func(a, b Function) int { return strings.Compare(a.Function, b.Function) })
	if n := stream.Took.Count(); n > 0 {
		t.CommitToStream = &Delay{n, latency(stream.Took)}
	}
	return t
}
