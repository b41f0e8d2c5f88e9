package cluster

import (
	"context"
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/world"
)

// lag returns an error while a consumer group has not handled all records of a topic.
func lag(ctx context.Context, at world.Place, group, topic string) error {
	kafka, err := kgo.NewClient(kgo.SeedBrokers(strings.Split(at.KafkaBrokers, ",")...))
	if err != nil {
		return err
	}
	defer kafka.Close()
	admin := kadm.NewClient(kafka)
	ends, err := admin.ListEndOffsets(ctx, topic)
	if err != nil {
		return err
	}
	done, err := admin.FetchOffsets(ctx, group)
	if err != nil {
		return err
	}
	missing := int64(0)
	ends.Each(func(end kadm.ListedOffset) {
		at := int64(0)
		if o, ok := done.Lookup(end.Topic, end.Partition); ok && o.At > 0 {
			at = o.At
		}
		missing += max(0, end.Offset-at)
	})
	if missing > 0 {
		return fmt.Errorf("%d records of %s are before group %s", missing, topic, group)
	}
	return nil
}
