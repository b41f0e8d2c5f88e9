package function

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/functions/dead-letter/internal/kafka"
	"taskwire.dev/functions/dead-letter/internal/pipeline"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/traffic"
)

const (
	// surveyTimeout is how long the broker and Redis may take.
	surveyTimeout = 1500 * time.Millisecond
	// surveyEvery bounds the load that administrators cause.
	surveyEvery = time.Second
)

// pipeline returns the state of the event pipeline: what waits to be published, what is in the broker, how long
// delivery takes, and the dead letters. The database decides who may see it; any other part that is unavailable is left
// out, and listed as missing.
func (f *Function) pipeline(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	snapshot, err := f.letters.Pipeline(r.Context(), who)
	if err != nil {
		return err
	}
	f.survey.fill(r.Context(), &snapshot)
	httpapi.WriteJSON(w, http.StatusOK, snapshot)
	return nil
}

// survey queries the broker and Redis, at most once per surveyEvery for all callers.
type survey struct {
	broker   *kafka.Client
	redis    *goredis.Client
	traffic  *traffic.Reports
	progress pipeline.Progress

	mu   sync.Mutex // held during the queries: others wait for the same result
	said pipeline.Snapshot
	at   time.Time
}

func newSurvey(c Config) (*survey, error) {
	client, err := redis.Open(c.Redis)
	if err != nil {
		return nil, err
	}
	broker, err := kafka.Open(c.Kafka, []string{
		cloudevent.TopicTaskEvents, cloudevent.TopicTaskUpdates, cloudevent.TopicReminders, cloudevent.TopicDeadLetters,
	})
	if err != nil {
		return nil, err
	}
	return &survey{broker: broker, redis: client, traffic: traffic.NewReports(client)}, nil
}

func (s *survey) close() {
	s.broker.Close()
	_ = s.redis.Close()
}

// fill completes a snapshot.
func (s *survey) fill(ctx context.Context, snapshot *pipeline.Snapshot) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if time.Since(s.at) >= surveyEvery {
		// Not bound to the caller: others wait for the same result.
		s.ask(context.WithoutCancel(ctx))
	}
	snapshot.Broker, snapshot.Traffic = s.said.Broker, s.said.Traffic
	snapshot.Missing = s.said.Missing
}

func (s *survey) ask(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, surveyTimeout)
	defer cancel()
	s.said = pipeline.Snapshot{Missing: []pipeline.Missing{}}
	var brokerErr, trafficErr error
	var asking sync.WaitGroup
	asking.Go(func() { s.said.Broker, brokerErr = s.broker.Measure(ctx) })
	asking.Go(func() {
		var reports []traffic.Report
		if reports, trafficErr = s.traffic.Read(ctx, time.Now()); trafficErr == nil {
			merged := pipeline.Merge(reports)
			s.said.Traffic = &merged
		}
	})
	asking.Wait()
	s.miss(ctx, "broker", brokerErr)
	s.miss(ctx, "traffic", trafficErr)
	if s.said.Broker != nil {
		s.progress.Note(s.said.Broker)
	}
	s.at = time.Now()
}

// miss records that a part was not measured. The cause is for the operator's logs.
func (s *survey) miss(ctx context.Context, part string, err error) {
	if err == nil {
		return
	}
	server := map[string]string{"broker": "the broker", "traffic": "Redis"}[part]
	detail := server + " cannot be asked"
	if errors.Is(err, context.DeadlineExceeded) {
		detail = server + " did not answer in time"
	}
	slog.WarnContext(ctx, "cannot measure part of the pipeline", "part", part, "error", err)
	s.said.Missing = append(s.said.Missing, pipeline.Missing{Part: part, Detail: detail})
}
