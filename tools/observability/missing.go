package observability

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Missing returns the names of metrics that a running Prometheus or VictoriaMetrics at base, such as http://127.0.0.1:8428, has never
// stored.
func Missing(ctx context.Context, base string, metrics []Metric) ([]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/api/v1/label/__name__/values", nil)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Status string   `json:"status"`
		Data   []string `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, fmt.Errorf("%s: %s: %w", request.URL, response.Status, err)
	}
	if answer.Status != "success" {
		return nil, fmt.Errorf("%s: %s: status %q", request.URL, response.Status, answer.Status)
	}
	var missing []string
	for _, m := range metrics {
		// A histogram has all three series or none.
		if !slices.Contains(answer.Data, m.series()[0]) {
			missing = append(missing, m.Name)
		}
	}
	return missing, nil
}
