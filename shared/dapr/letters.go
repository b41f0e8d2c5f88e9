package dapr

import (
	"context"
	"time"

	daprclient "github.com/dapr/go-sdk/client"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
)

// Letters sends dead letters to their topic through the sidecar.
type Letters struct{ client daprclient.Client }

// NewLetters returns the way to the topic dead-letters.
func NewLetters(client daprclient.Client) *Letters { return &Letters{client: client} }

// Park publishes the letter, and returns once the broker has it.
func (l *Letters) Park(ctx context.Context, letter deadletter.Letter) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	err := l.client.PublishEvent(ctx, PubSub, cloudevent.TopicDeadLetters, letter.Record(),
		daprclient.PublishEventWithContentType(cloudevent.StructuredJSON),
		daprclient.PublishEventWithMetadata(map[string]string{"rawPayload": "true", "content-type": cloudevent.StructuredJSON}))
	if err != nil {
		return fault.WrapUnavailable("the broker", err)
	}
	return nil
}
