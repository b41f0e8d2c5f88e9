package observability

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Alert is one that is pending or fires.
type Alert struct {
	State       string            `json:"state"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

// Alerts returns the alerts of a running Prometheus or VictoriaMetrics at base, such as http://127.0.0.1:8428.
func Alerts(ctx context.Context, base string) ([]Alert, error) {
	data, err := query[struct {
		Alerts []Alert `json:"alerts"`
	}](ctx, base, "/api/v1/alerts")
	return data.Alerts, err
}

// query returns the data with which Prometheus's API answers at a path.
func query[T any](ctx context.Context, base, path string) (data T, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+path, nil)
	if err != nil {
		return data, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return data, err
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Status string `json:"status"`
		Data   T      `json:"data"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return data, fmt.Errorf("%s: %s: %w", request.URL, response.Status, err)
	}
	if answer.Status != "success" {
		return data, fmt.Errorf("%s: %s: status %q", request.URL, response.Status, answer.Status)
	}
	return answer.Data, nil
}
