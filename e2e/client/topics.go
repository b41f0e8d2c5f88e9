package client

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Topics reads topics and keeps every record, so that many tests share one reader and each finds its user's records.
type Topics struct {
	kafka *kgo.Client
	stop  context.CancelFunc
	done  chan struct{}

	mu      sync.Mutex
	records map[topicKey][]*kgo.Record
	arrived chan struct{} // closed and replaced whenever records have arrived
}

// fetchMaxWait is short, since tests wait for the newest record.
const fetchMaxWait = 100 * time.Millisecond

type topicKey struct{ topic, key string }

// OpenTopics reads the records of these topics since a time; seen, if not nil, is called with each record.
func OpenTopics(brokers, topics []string, since time.Time, seen func(*kgo.Record)) (*Topics, error) {
	kafka, err := kgo.NewClient(
		kgo.SeedBrokers(brokers...),
		kgo.ConsumeTopics(topics...),
		kgo.ConsumeResetOffset(kgo.NewOffset().AfterMilli(since.UnixMilli())),
		kgo.FetchMaxWait(fetchMaxWait),
	)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	t := &Topics{kafka: kafka, stop: stop, done: make(chan struct{}), records: map[topicKey][]*kgo.Record{}, arrived: make(chan struct{})}
	go func() {
		defer close(t.done)
		t.run(ctx, seen)
	}()
	return t, nil
}

func (t *Topics) run(ctx context.Context, seen func(*kgo.Record)) {
	for ctx.Err() == nil {
		fetches := t.kafka.PollFetches(ctx)
		t.mu.Lock()
		fetches.EachRecord(func(r *kgo.Record) {
			at := topicKey{r.Topic, string(r.Key)}
			t.records[at] = append(t.records[at], r)
		})
		close(t.arrived)
		t.arrived = make(chan struct{})
		t.mu.Unlock()
		if seen != nil {
			fetches.EachRecord(seen)
		}
	}
}

// Close ends the reader.
func (t *Topics) Close() {
	t.stop()
	<-t.done
	t.kafka.Close()
}

// Of returns the records of a topic with this key that have arrived so far, in the order of each partition.
func (t *Topics) Of(topic, key string) []*kgo.Record {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]*kgo.Record(nil), t.records[topicKey{topic, key}]...)
}

// Await waits until enough accepts what has arrived, and returns it; if ctx ends first, it returns what there is and
// the error of ctx.
func (t *Topics) Await(ctx context.Context, topic, key string, enough func([]*kgo.Record) bool) ([]*kgo.Record, error) {
	for {
		t.mu.Lock()
		arrived := t.arrived
		t.mu.Unlock()
		records := t.Of(topic, key)
		if enough(records) {
			return records, nil
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return records, ctx.Err()
		}
	}
}
