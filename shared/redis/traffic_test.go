package redis_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/pipeline"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/redis/redistest"
)

func TestTraffic_ForgetsGatewaysThatAreGone(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	client, err := redis.Open(redis.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	traffic, now := redis.NewTraffic(client), time.Now()
	report := pipeline.Report{Functions: map[string]pipeline.Series{"tasks": {PerSecond: 2, Buckets: map[int]int64{3: 9}}}}
	for gateway, at := range map[string]time.Time{"a": now, "b": now, "gone": now.Add(-time.Minute)} {
		if err := traffic.Write(t.Context(), gateway, at, report); err != nil {
			t.Fatal(err)
		}
	}
	if err := traffic.Write(t.Context(), "a", now, report); err != nil { // replaces
		t.Fatal(err)
	}
	for range 2 {
		reports, err := traffic.Read(t.Context(), now)
		if err != nil || len(reports) != 2 || reports[0].Functions["tasks"].Buckets[3] != 9 {
			t.Fatalf("%+v, %v", reports, err)
		}
	}
	if n := client.HLen(t.Context(), "taskwire:traffic").Val(); n != 2 {
		t.Errorf("%d are kept", n)
	}
	server.Stop()
	if _, err := traffic.Read(t.Context(), now); err == nil {
		t.Error("no error without Redis")
	}
}
