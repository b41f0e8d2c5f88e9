package redis

import (
	"context"
	"encoding/json"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/shared/pipeline"
)

const (
	trafficKey = "taskwire:traffic" // a hash: a field for each gateway
	// trafficLife is how long a report counts: gateways report far more often while they live.
	trafficLife = 15 * time.Second
)

// Traffic is where gateways leave what they see, for administrators to look at.
type Traffic struct{ client *goredis.Client }

// NewTraffic returns it.
func NewTraffic(client *goredis.Client) *Traffic { return &Traffic{client} }

type trafficReport struct {
	At     time.Time       `json:"at"`
	Report pipeline.Report `json:"report"`
}

// Write replaces what a gateway has reported.
func (t *Traffic) Write(ctx context.Context, gateway string, at time.Time, r pipeline.Report) error {
	value, err := json.Marshal(trafficReport{at, r})
	if err != nil {
		return err
	}
	_, err = t.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		p.HSet(ctx, trafficKey, gateway, value)
		p.Expire(ctx, trafficKey, trafficLife)
		return nil
	})
	return err
}

// Read returns what gateways have reported of late. It forgets those that are gone.
func (t *Traffic) Read(ctx context.Context, now time.Time) ([]pipeline.Report, error) {
	all, err := t.client.HGetAll(ctx, trafficKey).Result()
	if err != nil {
		return nil, err
	}
	var reports []pipeline.Report
	var gone []string
	for gateway, value := range all {
		var r trafficReport
		if json.Unmarshal([]byte(value), &r) != nil || now.Sub(r.At) > trafficLife {
			gone = append(gone, gateway)
			continue
		}
		reports = append(reports, r.Report)
	}
	if len(gone) > 0 {
		return reports, t.client.HDel(ctx, trafficKey, gone...).Err()
	}
	return reports, nil
}
