package e2e

import (
	"net/http"
	"slices"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/shared/eventually"
)

// measures is the part of GET /api/admin/pipeline that the suite checks; its schema is checked against the document.
type measures struct {
	Broker *struct {
		Topics []struct {
			Topic      string  `json:"topic"`
			Partitions int     `json:"partitions"`
			Records    int64   `json:"records"`
			PerSecond  float64 `json:"per_second"`
		} `json:"topics"`
		Groups []struct {
			Group   string `json:"group"`
			Members int    `json:"members"`
		} `json:"groups"`
	} `json:"broker"`
	Traffic *struct {
		Gateways  int `json:"gateways"`
		Functions []struct {
			Function string  `json:"function"`
			Requests int64   `json:"requests"`
			P50      float64 `json:"p50_ms"`
		} `json:"functions"`
		CommitToStream *struct {
			Events int64   `json:"events"`
			P50    float64 `json:"p50_ms"`
			P99    float64 `json:"p99_ms"`
		} `json:"commit_to_stream"`
	} `json:"traffic"`
}

// TestPipeline_TellsWhatPasses makes a change while a stream is open and finds it in every figure for administrators.
func TestPipeline_TellsWhatPasses(t *testing.T) {
	t.Parallel()
	admin := newAdmin(t)
	live := open(t, admin)
	admin.create(t, client.Fields{"title": "Seen by the pipeline"})
	live.changes(t, 1)
	var last measures
	eventually.Within(t, timeout, "the change in all figures", func() bool {
		last = measures{}
		answer := do(t, admin.Client, client.Request{Method: http.MethodGet, Path: "/api/admin/pipeline"})
		check.NoError(t, answer.Decode("pipeline", http.StatusOK, &last))
		if last.Broker == nil || last.Traffic == nil || last.Traffic.CommitToStream == nil {
			return false
		}
		topics := 0
		for _, topic := range last.Broker.Topics {
			switch topic.Topic {
			case taskEvents, taskUpdates:
				if topic.Partitions >= 3 && topic.Records > 0 && topic.PerSecond > 0 {
					topics++
				}
			case reminders, deadLetters:
				topics++
			}
		}
		groups := 0
		for _, group := range last.Broker.Groups {
			if slices.Contains([]string{"dead-letter", "mcp", "recurring-spawn", "reminder-fan-in"}, group.Group) && group.Members > 0 {
				groups++
			}
		}
		answered := false
		for _, f := range last.Traffic.Functions {
			answered = answered || f.Function == "tasks" && f.Requests > 0 && f.P50 > 0
		}
		delay := last.Traffic.CommitToStream
		return topics == 4 && groups == 4 && answered && last.Traffic.Gateways > 0 && delay.Events > 0 && delay.P50 > 0 && delay.P99 >= delay.P50
	})
	t.Logf("commit to stream: %+v", *last.Traffic.CommitToStream)
}
