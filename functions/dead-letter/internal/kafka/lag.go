package kafka

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Lag is how far a group is behind on one partition.
type Lag struct {
	Group, Topic string
	Partition    int32
	Records      int64
	// Age is how long the oldest record that is not yet handled has been in the topic; 0 without one.
	Age time.Duration
}

// AgeUnknown is the age if the broker did not return the record in time.
const AgeUnknown time.Duration = -1

// Member counts a group's members, and how far it has come.
type Member struct {
	Group     string
	Members   int
	Committed int64 // the sum of its offsets
}

// GatewayGroup is the name under which the groups of all gateways are measured: each gateway has one, with a random name.
const GatewayGroup = "gateway"

// Lags measures the expected groups and the gateways' on the client's topics. The gateways' groups count as one, which is as late
// as the last of them. Alerts follow from this, so it leaves out what else reads at the broker: other applications, and an
// operator's rpk.
func (c *Client) Lags(ctx context.Context) ([]Lag, []Member, error) {
	groups, err := c.lagOfGroups(ctx)
	if err != nil {
		return nil, nil, err
	}
	type place struct {
		group, topic string
		partition    int32
	}
	worst, members := map[place]Lag{}, map[string]Member{}
	// A group whose login was refused from the beginning is unknown to the broker, so it would be missing here.
	for _, name := range c.expected {
		members[name] = Member{Group: name}
	}
	for _, g := range groups {
		name := g.Group
		if strings.HasPrefix(name, gatewayGroups) {
			name = GatewayGroup
		}
		if !slices.Contains(c.expected, name) && (name != GatewayGroup || !c.reads(g)) {
			continue
		}
		m := members[name]
		m.Group, m.Members = name, m.Members+len(g.Members)
		waiting := map[string]map[int32]kgo.Offset{}
		for topic, partitions := range g.Lag {
			if !slices.Contains(c.topics, topic) {
				continue
			}
			for number, p := range partitions {
				if p.Err != nil || p.Commit.At < 0 && name == GatewayGroup {
					continue // the lag is not known: no leader, or a gateway that has just started at the end
				}
				m.Committed += max(0, p.Commit.At)
				at := place{name, topic, number}
				worst[at] = Lag{name, topic, number, max(worst[at].Records, p.Lag), worst[at].Age}
				if p.Lag > 0 {
					if waiting[topic] == nil {
						waiting[topic] = map[int32]kgo.Offset{}
					}
					waiting[topic][number] = kgo.NewOffset().At(max(0, p.Commit.At))
				}
			}
		}
		members[name] = m
		written, err := c.firstWritten(ctx, waiting)
		if err != nil {
			return nil, nil, err
		}
		for topic, partitions := range waiting {
			for number := range partitions {
				l := worst[place{name, topic, number}]
				if when, known := written[topic][number]; known {
					l.Age = max(l.Age, time.Since(when))
				} else if l.Age == 0 {
					l.Age = AgeUnknown
				}
				worst[place{name, topic, number}] = l
			}
		}
	}
	lags, sums := make([]Lag, 0, len(worst)), make([]Member, 0, len(members))
	for _, l := range worst {
		lags = append(lags, l)
	}
	for _, m := range members {
		sums = append(sums, m)
	}
	return lags, sums, nil
}

// reads reports whether a group reads one of the client's topics.
func (c *Client) reads(g kadm.DescribedGroupLag) bool {
	return slices.ContainsFunc(c.topics, func(topic string) bool { _, read := g.Lag[topic]; return read })
}

// firstWritten returns when the first record from each offset on was written. Partitions whose record does not come in
// time are left out. A broker exceeds the limit of bytes for the first batch of a response only, so that it returns one
// partition at a time: what is found is not fetched again, or the others would wait until all of it is read.
func (c *Client) firstWritten(ctx context.Context, from map[string]map[int32]kgo.Offset) (map[string]map[int32]time.Time, error) {
	missing := 0
	for _, partitions := range from {
		missing += len(partitions)
	}
	if missing == 0 {
		return nil, nil
	}
	reader, err := kgo.NewClient(append(c.options, kgo.ConsumePartitions(from), kgo.FetchMaxPartitionBytes(1), kgo.FetchMaxWait(200*time.Millisecond))...)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	found := map[string]map[int32]time.Time{}
	for missing > 0 {
		fetched := reader.PollFetches(ctx)
		if ctx.Err() != nil {
			break
		}
		fetched.EachRecord(func(r *kgo.Record) {
			if found[r.Topic] == nil {
				found[r.Topic] = map[int32]time.Time{}
			}
			if _, known := found[r.Topic][r.Partition]; !known {
				found[r.Topic][r.Partition] = r.Timestamp
				reader.PauseFetchPartitions(map[string][]int32{r.Topic: {r.Partition}})
				missing--
			}
		})
	}
	return found, nil
}
