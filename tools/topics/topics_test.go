package topics_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/tools/topics"
)

func TestTopicsOfTheRepository(t *testing.T) {
	t.Parallel()
	all, err := topics.Read("../../eventing/topics.yaml")
	if err != nil {
		t.Fatal(err)
	}
	partitions := map[string]int32{}
	for _, topic := range all {
		partitions[topic.Name] = topic.Partitions
	}
	for name, want := range map[string]int32{"task-events": 3, "reminders": 1, "task-updates": 3, "dead-letters": 1} {
		if partitions[name] != want {
			t.Errorf("%s has %d partitions, want %d", name, partitions[name], want)
		}
	}
}

func TestReadTopics_RefusesMistakes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"topics: [{name: a, partitions: 0, retention: 7d}]",
		"topics: [{name: a, partitions: 1, retention: 7}]",
		"topics: [{name: a, partitions: 1}]",
		"topics: [{name: a, partitions: 1, retention: 7d, replicas: 3}]",
	} {
		path := filepath.Join(t.TempDir(), "topics.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := topics.Read(path); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}

func TestCreateTopics_Twice(t *testing.T) {
	t.Parallel()
	brokers := os.Getenv("TEST_KAFKA_BROKERS")
	if brokers == "" {
		t.Skip("TEST_KAFKA_BROKERS is not set: `make test` starts a broker")
	}
	seeds := strings.Split(brokers, ",")
	client, err := kgo.NewClient(kgo.SeedBrokers(seeds...))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	admin := kadm.NewClient(client)
	wanted := []topics.Topic{{Name: "local-topics-test", Partitions: 2, Retention: "7d"}}
	t.Cleanup(func() { _, _ = admin.DeleteTopics(context.Background(), wanted[0].Name) })
	if made, err := topics.Create(t.Context(), seeds, wanted); err != nil || len(made) != 1 {
		t.Fatalf("made %v, %v", made, err)
	}
	if made, err := topics.Create(t.Context(), seeds, wanted); err != nil || len(made) != 0 {
		t.Fatalf("the second time made %v, %v", made, err)
	}
	configs, err := admin.DescribeTopicConfigs(t.Context(), wanted[0].Name)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(configs[0].Configs, func(c kadm.Config) bool { return c.Key == "retention.ms" })
	if at < 0 || configs[0].Configs[at].MaybeValue() != "604800000" {
		t.Errorf("retention.ms is not seven days: %v", configs[0].Configs)
	}
}
