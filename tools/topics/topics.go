// Package topics reads eventing/topics.yaml and creates its topics on a broker.
package topics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"sigs.k8s.io/yaml"
)

// Topic is one topic of eventing/topics.yaml.
type Topic struct {
	Name       string `json:"name"`
	Partitions int32  `json:"partitions"`
	// Retention is a number of days: "7d".
	Retention string `json:"retention"`
}

// Read reads the list.
func Read(path string) ([]Topic, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list struct {
		Topics []Topic `json:"topics"`
	}
	if err := yaml.UnmarshalStrict(content, &list); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, topic := range list.Topics {
		if _, err := topic.retention(); err != nil || topic.Name == "" || topic.Partitions < 1 {
			return nil, fmt.Errorf("%s: topic %q needs a name, partitions and a retention in days such as 7d", path, topic.Name)
		}
	}
	return list.Topics, nil
}

func (t Topic) retention() (time.Duration, error) {
	number, found := strings.CutSuffix(t.Retention, "d")
	days, err := strconv.Atoi(number)
	if !found || err != nil || days < 1 {
		return 0, fmt.Errorf("retention %q", t.Retention)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// Create creates missing topics and leaves the rest unchanged. It returns the names of the new ones.
func Create(ctx context.Context, brokers []string, topics []Topic) ([]string, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	admin := kadm.NewClient(client)
	var made []string
	for _, topic := range topics {
		retention, err := topic.retention()
		if err != nil {
			return made, err
		}
		// -1: the broker's default replication factor.
		response, err := admin.CreateTopic(ctx, topic.Partitions, -1, map[string]*string{
			"retention.ms":   kadm.StringPtr(strconv.FormatInt(retention.Milliseconds(), 10)),
			"cleanup.policy": kadm.StringPtr("delete"),
		}, topic.Name)
		switch {
		case errors.Is(err, kerr.TopicAlreadyExists):
		case err != nil:
			return made, fmt.Errorf("topic %s: %w: %s", topic.Name, err, response.ErrMessage)
		default:
			made = append(made, topic.Name)
		}
	}
	return made, nil
}
