package export

import (
	"go.opentelemetry.io/otel/attribute"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
)

// maxSeries limits how many series an instrument can have: a mistake must not fill the store.
const maxSeries = 1000

// buckets of durations in seconds. The promises are at 10 ms, 50 ms and 1 s, and alerts at 10 s.
var buckets = []float64{0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30}

// views bound the cardinality of what libraries measure: hosts, ports and protocol versions are left out.
func views() []sdkmetric.View {
	durations := sdkmetric.AggregationExplicitBucketHistogram{Boundaries: buckets}
	http := attribute.NewAllowKeysFilter("http.request.method", "http.route", "http.response.status_code", "taskwire.function", "error.type")
	keep := func(name string, aggregation sdkmetric.Aggregation, keys attribute.Filter) sdkmetric.View {
		return sdkmetric.NewView(sdkmetric.Instrument{Name: name}, sdkmetric.Stream{Aggregation: aggregation, AttributeFilter: keys})
	}
	return []sdkmetric.View{
		keep("http.server.request.duration", durations, http),
		keep("http.client.request.duration", durations, http),
		// Sizes of bodies interest nobody here.
		keep("http.*.body.size", sdkmetric.AggregationDrop{}, nil),
		sdkmetric.NewView(sdkmetric.Instrument{Name: "taskwire.*.duration", Kind: sdkmetric.InstrumentKindHistogram},
			sdkmetric.Stream{Aggregation: durations}),
	}
}
