// Package observe tests the stores of metrics and traces that `make up OBSERVE=1` adds, in a short-lived stack of its own
// without functions.
package observe

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/shared/eventually"
)

// profile has a thousand ports that no other profile uses.
const profile, base = "observe", "20000"

// start starts the stack, which takes minutes when the stores have to be built.
func start(t *testing.T) stack.Values {
	t.Helper()
	if os.Getenv("TASKWIRE_URL") == "" {
		t.Fatal("TASKWIRE_URL is not set: run `make test`")
	}
	s := check.Must(stack.Open(profile))(t)
	t.Cleanup(func() { check.NoError(t, s.Reset(context.WithoutCancel(t.Context()))) })
	ctx := check.Within(t, 20*time.Minute)
	check.NoError(t, s.Up(ctx, "--base", base, "--infra-only", "--observe"))
	return check.Must(s.Values(ctx))(t)
}

// TestStores_HaveWhatWasSentByOTLP: a span is found by the query API of Jaeger, a metric by that of Prometheus, under the
// names and labels that rules and boards use.
func TestStores_HaveWhatWasSentByOTLP(t *testing.T) {
	at := start(t).Observe
	ctx := check.Within(t, time.Minute)
	service := resource.NewSchemaless(attribute.String("service.name", "smoke"))

	spans := check.Must(otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(at.TracesEndpoint)))(t)
	tracing := sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans), sdktrace.WithResource(service))
	_, span := tracing.Tracer("test").Start(ctx, "publish task-events")
	span.End()
	check.NoError(t, tracing.Shutdown(ctx))

	metrics := check.Must(otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(at.MetricsEndpoint)))(t)
	metering := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(metrics)), sdkmetric.WithResource(service))
	published := check.Must(metering.Meter("test").Int64Counter("taskwire.outbox.published"))(t)
	published.Add(ctx, 3)
	check.NoError(t, metering.Shutdown(ctx))

	id := span.SpanContext().TraceID().String()
	eventually.Within(t, 20*time.Second, "Jaeger has the span", func() bool {
		var found struct {
			Data []struct {
				Spans []struct{ TraceID, OperationName string }
			}
		}
		return get(ctx, at.TracesURL+"/api/traces/"+id, &found) == nil && len(found.Data) == 1 && len(found.Data[0].Spans) == 1 &&
			found.Data[0].Spans[0].TraceID == id && found.Data[0].Spans[0].OperationName == "publish task-events"
	})
	eventually.Within(t, 20*time.Second, "VictoriaMetrics has the metric", func() bool {
		var found struct {
			Data struct {
				Result []struct{ Value [2]any }
			}
		}
		query := url.QueryEscape(`taskwire_outbox_published_total{service_name="smoke"}`)
		return get(ctx, at.MetricsURL+"/api/v1/query?query="+query, &found) == nil && len(found.Data.Result) == 1 &&
			found.Data.Result[0].Value[1] == "3"
	})
	var rules struct{ Status string }
	if err := get(ctx, at.MetricsURL+"/api/v1/rules", &rules); err != nil || rules.Status != "success" {
		t.Errorf("VictoriaMetrics passes on no rules of vmalert: %q, %v", rules.Status, err)
	}
}

func get(ctx context.Context, address string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s", address, response.Status)
	}
	return json.NewDecoder(response.Body).Decode(into)
}
