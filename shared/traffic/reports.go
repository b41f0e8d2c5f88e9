package traffic

import (
	"context"
	"encoding/json"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

const (
	key = "taskwire:traffic" // a hash: a field for each gateway
	// life is how long a report counts: gateways report far more often while they live.
	life = 15 * time.Second
)

// Reports is where gateways leave what they see, for administrators to look at.
type Reports struct{ client *goredis.Client }

// NewReports returns it.
func NewReports(client *goredis.Client) *Reports { return &Reports{client} }

type stored struct {
	At     time.Time `json:"at"`
	Report Report    `json:"report"`
}

// Write replaces what a gateway has reported.
func (r *Reports) Write(ctx context.Context, gateway string, at time.Time, report Report) error {
	value, err := json.Marshal(stored{at, report})
	if err != nil {
		return err
	}
	_, err = r.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		p.HSet(ctx, key, gateway, value)
		p.Expire(ctx, key, life)
		return nil
	})
	return err
}

// Read returns what gateways have reported of late. It forgets those that are gone.
func (r *Reports) Read(ctx context.Context, now time.Time) ([]Report, error) {
	all, err := r.client.HGetAll(ctx, key).Result()
	if err != nil {
		return nil, err
	}
	var reports []Report
	var gone []string
	for gateway, value := range all {
		var s stored
		if json.Unmarshal([]byte(value), &s) != nil || now.Sub(s.At) > life {
			gone = append(gone, gateway)
			continue
		}
		reports = append(reports, s.Report)
	}
	if len(gone) > 0 {
		return reports, r.client.HDel(ctx, key, gone...).Err()
	}
	return reports, nil
}
