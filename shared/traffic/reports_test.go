package traffic_test

import (
	"testing"
	"time"

	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/redis/redistest"
	"taskwire.dev/shared/traffic"
)

func TestReports_ForgetsGatewaysThatAreGone(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	client, err := redis.Open(redis.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	reports, now := traffic.NewReports(client), time.Now()
	tasks := traffic.NewSeries()
	tasks.PerSecond = 2
	tasks.Took.Record(time.Second)
	report := traffic.Report{Functions: map[string]*traffic.Series{"tasks": tasks}, Stream: traffic.NewSeries()}
	for gateway, at := range map[string]time.Time{"a": now, "b": now, "gone": now.Add(-time.Minute)} {
		if err := reports.Write(t.Context(), gateway, at, report); err != nil {
			t.Fatal(err)
		}
	}
	if err := reports.Write(t.Context(), "a", now, report); err != nil { // replaces
		t.Fatal(err)
	}
	for range 2 {
		got, err := reports.Read(t.Context(), now)
		if err != nil || len(got) != 2 || got[0].Functions["tasks"].Took.Count() != 1 {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	if n := client.HLen(t.Context(), "taskwire:traffic").Val(); n != 2 {
		t.Errorf("%d are kept", n)
	}
	server.Stop()
	if _, err := reports.Read(t.Context(), now); err == nil {
		t.Error("no error without Redis")
	}
}
