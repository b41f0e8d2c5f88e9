package kafka

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"golang.org/x/sync/errgroup"

	"taskwire.dev/functions/dead-letter/internal/pipeline"
)

// gatewayGroups is the prefix of the gateways' groups, one for each: see dapr/base/pubsub-stream.yaml.
const gatewayGroups = "sse-"

// Measure sends all queries concurrently. Topics that do not exist are left out. It returns when ctx ends at the
// latest: franz-go waits for a broker's first response regardless of the context, so that goroutine is left to end
// later.
func (c *Client) Measure(ctx context.Context) (*pipeline.Broker, error) {
	var b *pipeline.Broker
	said := make(chan error, 1)
	go func() {
		var err error
		b, err = c.ask(ctx)
		said <- err
	}()
	select {
	case err := <-said:
		return b, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (c *Client) ask(ctx context.Context) (*pipeline.Broker, error) {
	asked := time.Now()
	var starts, ends, minute kadm.ListedOffsets
	var groups []pipeline.Group
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() (err error) { starts, err = c.admin.ListStartOffsets(ctx, c.topics...); return err })
	work.Go(func() (err error) { ends, err = c.admin.ListEndOffsets(ctx, c.topics...); return err })
	work.Go(func() (err error) {
		minute, err = c.admin.ListOffsetsAfterMilli(ctx, asked.Add(-time.Minute).UnixMilli(), c.topics...)
		return err
	})
	work.Go(func() (err error) { groups, err = c.groups(ctx); return err })
	if err := work.Wait(); err != nil {
		return nil, err
	}
	b := &pipeline.Broker{MeasuredAt: asked.UTC(), Topics: []pipeline.Topic{}, Groups: groups}
	for _, name := range slices.Sorted(slices.Values(c.topics)) {
		topic, err := measure(name, starts, ends, minute)
		if err != nil {
			return nil, err
		}
		if topic.Partitions > 0 {
			b.Topics = append(b.Topics, topic)
		}
	}
	return b, nil
}

func measure(name string, starts, ends, minute kadm.ListedOffsets) (pipeline.Topic, error) {
	t := pipeline.Topic{Topic: name}
	for partition, end := range ends[name] {
		start, then := starts[name][partition], minute[name][partition]
		if err := errors.Join(end.Err, start.Err, then.Err); err != nil {
			if errors.Is(err, kerr.UnknownTopicOrPartition) {
				continue
			}
			return t, err
		}
		t.Partitions++
		t.Records += max(0, end.Offset-start.Offset)
		// The three queries ran concurrently: the end offsets may be slightly older than the offsets found by time.
		t.PerSecond += float64(max(0, end.Offset-then.Offset)) / 60
	}
	return t, nil
}

// groups returns every group that reads one of the topics.
func (c *Client) groups(ctx context.Context) ([]pipeline.Group, error) {
	lags, err := c.lagOfGroups(ctx)
	if err != nil {
		return nil, err
	}
	groups := []pipeline.Group{}
	for _, lag := range lags {
		if g, ours := c.group(lag); ours {
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// lagOfGroups returns the lag of all groups, by name.
func (c *Client) lagOfGroups(ctx context.Context) ([]kadm.DescribedGroupLag, error) {
	listed, err := c.admin.ListGroups(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, g := range listed {
		// Gateways that have stopped leave a group behind until the broker expires its offsets.
		if strings.HasPrefix(g.Group, gatewayGroups) && (g.State == "Empty" || g.State == "Dead") {
			continue
		}
		names = append(names, g.Group)
	}
	if len(names) == 0 {
		return nil, nil // without names kadm would query all groups
	}
	lags, err := c.admin.Lag(ctx, names...)
	if err != nil {
		return nil, err
	}
	for _, lag := range lags {
		if err := lag.Error(); err != nil {
			return nil, err
		}
	}
	return lags.Sorted(), nil
}

func (c *Client) group(lag kadm.DescribedGroupLag) (pipeline.Group, bool) {
	g := pipeline.Group{Group: lag.Group, State: lag.State, Members: len(lag.Members), Topics: []pipeline.TopicLag{}}
	gateway := strings.HasPrefix(lag.Group, gatewayGroups)
	if gateway && g.Members == 0 {
		return g, false
	}
	for _, topic := range slices.Sorted(maps.Keys(lag.Lag)) {
		if !slices.Contains(c.topics, topic) {
			continue
		}
		t := pipeline.TopicLag{Topic: topic}
		for _, p := range lag.Lag[topic] {
			if p.Err != nil {
				continue // the lag of a partition that has no leader right now is unknown
			}
			if p.Commit.At < 0 && gateway {
				continue // a gateway starts at the end
			}
			t.Lag += max(0, p.Lag)
			g.Committed += max(0, p.Commit.At)
		}
		g.Lag += t.Lag
		g.Topics = append(g.Topics, t)
	}
	return g, len(g.Topics) > 0
}
