package dapr

import (
	"context"
	"time"

	daprclient "github.com/dapr/go-sdk/client"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
)

// DeadLetters sends dead letters to their topic through the sidecar.
type DeadLetters struct{ client daprclient.Client }

// NewDeadLetters returns a publisher to the topic dead-letters.
func NewDeadLetters(client daprclient.Client) *DeadLetters { return &DeadLetters{client: client} }

// Publish publishes a dead letter, and returns once the broker has it.
func (l *DeadLetters) Publish(ctx context.Context, dead deadletter.DeadLetter) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := l.client.PublishEvent(ctx, PubSub, cloudevent.TopicDeadLetters, dead.Record(),
		daprclient.PublishEventWithContentType(cloudevent.StructuredJSON),
		daprclient.PublishEventWithMetadata(map[string]string{"rawPayload": "true", "content-type": cloudevent.StructuredJSON}))
	if err != nil {
		return fault.WrapUnavailable("the broker", err)
	}
	return nil
}
