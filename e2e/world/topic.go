package world

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/client"
)

// readTopic reads everything that is in a topic now, by key. A key is in one partition, so its order is the topic's.
func readTopic(ctx context.Context, brokers []string, topic string) (map[string][]client.Event, error) {
	events := map[string][]client.Event{}
	return events, EachRecord(ctx, brokers, topic, func(key string, e client.Event) { events[key] = append(events[key], e) })
}

// CountRecords returns how many records are in a topic now.
func CountRecords(ctx context.Context, brokers []string, topic string) (int64, error) {
	kafka, err := kgo.NewClient(kgo.SeedBrokers(brokers...))
	if err != nil {
		return 0, err
	}
	defer kafka.Close()
	return count(ctx, kafka, topic)
}

func count(ctx context.Context, kafka *kgo.Client, topic string) (int64, error) {
	ends, err := kadm.NewClient(kafka).ListEndOffsets(ctx, topic)
	if err != nil {
		return 0, err
	}
	starts, err := kadm.NewClient(kafka).ListStartOffsets(ctx, topic)
	if err != nil {
		return 0, err
	}
	n := int64(0)
	ends.Each(func(end kadm.ListedOffset) {
		if start, ok := starts.Lookup(end.Topic, end.Partition); ok {
			n += end.Offset - start.Offset
		}
	})
	return n, nil
}

// EachRecord reads everything that is in a topic now, the records of a key in order.
func EachRecord(ctx context.Context, brokers []string, topic string, visit func(key string, e client.Event)) error {
	kafka, err := kgo.NewClient(kgo.SeedBrokers(brokers...), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return err
	}
	defer kafka.Close()
	missing, err := count(ctx, kafka, topic)
	if err != nil {
		return err
	}
	for missing > 0 {
		fetches := kafka.PollFetches(ctx)
		if err := fetches.Err0(); err != nil {
			return fmt.Errorf("%d records of %s are missing: %w", missing, topic, err)
		}
		for r := range fetches.RecordsAll() {
			missing--
			var e client.Event
			if err := json.Unmarshal(r.Value, &e); err != nil {
				return fmt.Errorf("%s/%d@%d: %w", r.Topic, r.Partition, r.Offset, err)
			}
			visit(string(r.Key), e)
		}
	}
	return nil
}
