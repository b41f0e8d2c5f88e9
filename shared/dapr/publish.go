// Package dapr connects functions to their sidecars.
package dapr

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	daprclient "github.com/dapr/go-sdk/client"
	"go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc"
	"go.opentelemetry.io/otel/metric/noop"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/telemetry"
)

// Config has the sidecar's ports and tokens. Dapr's injector, or the runner on a laptop, sets everything but TrustMesh.
type Config struct {
	GRPCPort string `env:"DAPR_GRPC_PORT" envDefault:"50001"`
	HTTPPort string `env:"DAPR_HTTP_PORT" envDefault:"3500"`
	AppToken string `env:"APP_API_TOKEN"`
	// APIToken is the token that the sidecar's API requires.
	APIToken string `env:"DAPR_API_TOKEN"`
	// TrustMesh allows callers without the token, for a cluster-local function behind a NetworkPolicy that is called by Knative's
	// sources, which cannot send one.
	TrustMesh bool `env:"TRUST_MESH"`
}

// PubSub is the pub/sub component that publishes (dapr/base/pubsub.yaml).
const PubSub = "pubsub"

// Dial returns a client. It does not wait for the sidecar, which may start after its function.
func Dial(c Config) (daprclient.Client, error) {
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithPerRPCCredentials(apiToken(c.APIToken)),
	}
	if telemetry.Tracing() {
		options = append(options, grpc.WithStatsHandler(sampledCalls{otelgrpc.NewClientHandler(otelgrpc.WithMeterProvider(noop.NewMeterProvider()))}))
	}
	conn, err := grpc.NewClient("127.0.0.1:"+c.GRPCPort, options...)
	if err != nil {
		return nil, err
	}
	return daprclient.NewClientWithConnection(conn), nil
}

// Publisher publishes CloudEvents through a pub/sub component of the sidecar.
type Publisher struct {
	client    daprclient.Client
	component string
}

// NewPublisher returns a Publisher on the pub/sub component of that name.
func NewPublisher(client daprclient.Client, component string) *Publisher {
	return &Publisher{client: client, component: component}
}

// Publish implements outbox.Broker with one bulk call.
func (p *Publisher) Publish(ctx context.Context, topic string, messages []outbox.Message) (map[int64]bool, error) {
	events := make([]any, len(messages))
	for i, m := range messages {
		events[i] = daprclient.PublishEventsEvent{
			EntryID: strconv.FormatInt(m.ID, 10), Data: m.Payload, ContentType: cloudevent.StructuredJSON,
			// KafkaSource and every SDK recognize an event by the record's content-type header (CloudEvents' Kafka protocol
			// binding, 3.1). rawPayload prevents Dapr from wrapping what already is a CloudEvent; the component's
			// excludeHeaderMetaRegex removes every other header.
			Metadata: map[string]string{"partitionKey": m.UserID.String(), "rawPayload": "true", "content-type": cloudevent.StructuredJSON},
		}
	}
	response := p.client.PublishEvents(ctx, p.component, topic, events,
		daprclient.PublishEventsWithMetadata(map[string]string{"rawPayload": "true"}))
	if len(response.FailedEvents) == 0 && response.Error == nil {
		return nil, nil
	}
	failed := make(map[int64]bool, len(response.FailedEvents))
	for _, e := range response.FailedEvents {
		event, ok := e.(daprclient.PublishEventsEvent)
		if !ok {
			return all(messages), fault.WrapUnavailable("the broker", errors.New("the sidecar named an event that was not sent"))
		}
		id, _ := strconv.ParseInt(event.EntryID, 10, 64) // set above
		failed[id] = true
	}
	return failed, fault.WrapUnavailable("the broker", fmt.Errorf("%d of %d events for %s: %w", len(failed), len(messages), topic, response.Error))
}

func all(messages []outbox.Message) map[int64]bool {
	failed := make(map[int64]bool, len(messages))
	for _, m := range messages {
		failed[m.ID] = true
	}
	return failed
}
