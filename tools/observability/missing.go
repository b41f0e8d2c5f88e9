package observability

import (
	"context"
	"slices"
)

// Missing returns the names of metrics that a running Prometheus or VictoriaMetrics at base has never stored.
func Missing(ctx context.Context, base string, metrics []Metric) ([]string, error) {
	stored, err := query[[]string](ctx, base, "/api/v1/label/__name__/values")
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, m := range metrics {
		// A histogram has all three series or none.
		if !slices.Contains(stored, m.series()[0]) {
			missing = append(missing, m.Name)
		}
	}
	return missing, nil
}
