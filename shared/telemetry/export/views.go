package export

import sdkmetric "go.opentelemetry.io/otel/sdk/metric"

// maxSeries limits how many series an instrument can have: a mistake must not fill the store.
const maxSeries = 1000

// buckets of durations in seconds. The promises are at 10 ms, 50 ms and 1 s, and alerts at 10 s.
var buckets = []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30}

// views give durations these buckets.
func views() []sdkmetric.View {
	durations := sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: buckets}}
	return []sdkmetric.View{
		sdkmetric.NewView(sdkmetric.Instrument{Name: "http.*.request.duration"}, durations),
		sdkmetric.NewView(sdkmetric.Instrument{Name: "taskwire.*.duration", Kind: sdkmetric.InstrumentKindHistogram}, durations),
	}
}
