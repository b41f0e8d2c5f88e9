package kafka

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// A group whose login was refused from the beginning is unknown to the broker. Without a zero no alert would notice.
func TestLagsHasEveryExpectedGroup(t *testing.T) {
	t.Parallel()
	client := open(t, Config{Brokers: broker(t), Groups: []string{"never-joined"}})
	_, members, err := client.Lags(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(members) != 1 || members[0] != (Member{Group: "never-joined"}) {
		t.Errorf("members %+v, want one group without any", members)
	}
}

// Alerts about Taskwire are not about an operator's rpk, nor about another application at the same broker, whatever its group is
// called; nor about other topics that a group of Taskwire has once read.
func TestLags_OnlyOfTaskwire(t *testing.T) {
	t.Parallel()
	address := broker(t)
	client := open(t, Config{Brokers: address, Groups: []string{"worker"}})
	producer, err := kgo.NewClient(kgo.SeedBrokers(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)
	produce(t, producer, "task-events", time.Now())
	produce(t, producer, "not-ours", time.Now())
	commitStart(t, producer, "worker", "task-events")
	commitStart(t, producer, "worker", "not-ours")
	commitStart(t, producer, "debug", "task-events")
	commitStart(t, producer, "shop", "not-ours")
	join(t, address, "sse-of-another", "not-ours")
	for deadline := time.Now().Add(time.Minute); ; {
		all, err := client.lagOfGroups(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == 4 { // the one that joined, too
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%+v", all)
		}
	}
	lags, members, err := client.Lags(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(members) != 1 || members[0] != (Member{Group: "worker"}) {
		t.Errorf("members %+v, want those of the worker", members)
	}
	for _, l := range lags {
		if l.Group != "worker" || l.Topic != "task-events" {
			t.Errorf("%+v, want the worker on task-events", l)
		}
	}
	if len(lags) != 3 {
		t.Errorf("%d partitions, want 3", len(lags))
	}
}

// A group that is far behind on several partitions: the age of each is known, and the broker need not send what is not
// looked at.
func TestLags_AgeOfEachPartition(t *testing.T) {
	t.Parallel()
	const partitions, records = 3, 500
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(partitions, "task-events"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	var fetches atomic.Int64
	cluster.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		fetches.Add(1)
		return nil, nil, false
	})
	client := open(t, Config{Brokers: cluster.ListenAddrs()[0], Groups: []string{"worker"}})
	producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...), kgo.RecordPartitioner(kgo.ManualPartitioner()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)
	ages := []time.Duration{time.Hour, 2 * time.Hour, 3 * time.Hour}
	for n := range records {
		for partition, age := range ages {
			r := &kgo.Record{Topic: "task-events", Partition: int32(partition), Value: []byte("{}"), Timestamp: time.Now().Add(-age).Add(time.Duration(n) * time.Second)}
			if err := producer.ProduceSync(t.Context(), r).FirstErr(); err != nil { // in a batch of its own
				t.Fatal(err)
			}
		}
	}
	commitStart(t, producer, "worker", "task-events")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lags, _, err := client.Lags(ctx)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(lags, func(a, b Lag) int { return int(a.Partition - b.Partition) })
	for partition, l := range lags {
		if want := ages[partition]; l.Records != records || l.Age < want || l.Age >= want+time.Hour {
			t.Errorf("partition %d: %d records, %v old, want %d and %v", partition, l.Records, l.Age, records, want)
		}
	}
	if len(lags) != partitions {
		t.Errorf("%d partitions, want %d", len(lags), partitions)
	}
	// One for each partition, and as many that were sent before what they fetch was found.
	if n := fetches.Load(); n > 3*partitions {
		t.Errorf("%d fetches of %d partitions", n, partitions)
	}
}

// The age of a record that the broker does not return is not known: 0 would say that nothing is late.
func TestLags_AgeUnknown(t *testing.T) {
	t.Parallel()
	cluster, err := kfake.NewCluster(kfake.NumBrokers(1), kfake.SeedTopics(1, "task-events"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Close)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cluster.ControlKey(int16(kmsg.Fetch), func(kmsg.Request) (kmsg.Response, error, bool) {
		cluster.KeepControl()
		cancel()
		return nil, errors.New("the disk is broken"), true
	})
	client := open(t, Config{Brokers: cluster.ListenAddrs()[0], Groups: []string{"worker"}})
	producer, err := kgo.NewClient(kgo.SeedBrokers(cluster.ListenAddrs()...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(producer.Close)
	produce(t, producer, "task-events", time.Now().Add(-time.Hour))
	commitStart(t, producer, "worker", "task-events")
	lags, _, err := client.Lags(ctx)
	if err != nil || len(lags) != 1 || lags[0].Records != 1 || lags[0].Age != AgeUnknown {
		t.Errorf("%+v, %v; want one record of unknown age", lags, err)
	}
}
