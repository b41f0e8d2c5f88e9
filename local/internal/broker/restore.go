package broker

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/tools/topics"
)

// checkInterval is the time between two checks of the broker.
const checkInterval = 2 * time.Second

// TopicRestorer recreates topics that the broker has lost with its data, and then has the events republished. It is a separate
// process, whose health says whether all topics exist.
type TopicRestorer struct {
	Brokers []string
	Topics  []topics.Topic
	// Marker is a file that exists from before topics are created until Republish has succeeded: after a kill in
	// between, the next run finds it.
	Marker string
	// Republish puts the events of the audit log into the outbox again.
	Republish func(context.Context) error

	mu     sync.Mutex
	health error
}

// Run checks the topics until ctx is done.
func (r *TopicRestorer) Run(ctx context.Context) {
	r.set(errors.New("the topics have not been checked yet"))
	pause := time.NewTicker(checkInterval)
	defer pause.Stop()
	for {
		err := r.check(ctx)
		if err != nil && ctx.Err() == nil {
			slog.Error("topics", "error", err)
		}
		r.set(err)
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
	}
}

func (r *TopicRestorer) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	missing, err := r.CreateMissing(ctx)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		slog.Warn("topics were missing: the broker has lost its data", "topics", strings.Join(missing, ", "))
	}
	if _, err := os.Stat(r.Marker); errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	r.set(errors.New("the events that the broker has lost are being published again"))
	if err := r.Republish(ctx); err != nil {
		return fmt.Errorf("publish the events again: %w", err)
	}
	slog.Info("the events of the audit log are published again")
	return os.Remove(r.Marker)
}

// CreateMissing creates the topics that the broker does not have, after the marker, and returns their names.
func (r *TopicRestorer) CreateMissing(ctx context.Context) ([]string, error) {
	missing, err := missingTopics(ctx, r.Brokers, r.Topics)
	if err != nil || len(missing) == 0 {
		return nil, err
	}
	r.set(fmt.Errorf("topics are missing: %s", strings.Join(missing, ", ")))
	return missing, r.marked(func() error {
		_, err := topics.Create(ctx, r.Brokers, r.Topics)
		return err
	})
}

// marked creates topics after the marker: if this process is killed in between, the topics no longer tell that events were lost.
func (r *TopicRestorer) marked(create func() error) error {
	if err := os.WriteFile(r.Marker, nil, 0o600); err != nil {
		return err
	}
	return create()
}

// missingTopics returns those that the broker does not have.
func missingTopics(ctx context.Context, brokers []string, wanted []topics.Topic) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers...))
	if err != nil {
		return nil, err
	}
	defer client.Close()
	there, err := kadm.NewClient(client).ListTopics(ctx)
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, topic := range wanted {
		if !there.Has(topic.Name) {
			missing = append(missing, topic.Name)
		}
	}
	slices.Sort(missing)
	return missing, nil
}

func (r *TopicRestorer) set(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.health = err
}

// ServeHTTP responds with 200 while all topics exist, and otherwise with 503 and the reason.
func (r *TopicRestorer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	r.mu.Lock()
	err := r.health
	r.mu.Unlock()
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	_, _ = fmt.Fprintln(w, "all topics are there")
}
