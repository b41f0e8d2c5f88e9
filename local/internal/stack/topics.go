package stack

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/local/internal/broker"
	"taskwire.dev/local/internal/proc"
	"taskwire.dev/local/internal/supervise"
	"taskwire.dev/tools/topics"
)

const (
	// topicsPart makes topics again that the broker has lost while the stack runs.
	topicsPart = "topics"
	// TopicRetention is how far back events are published again then: as long as topics keep them.
	TopicRetention = "168h"
)

func (s *Stack) topicsList() string {
	return filepath.Join(s.profile.Root, "eventing", "topics.yaml")
}

// lostMarker says that events must be published again: see broker.Keeper.
func (s *Stack) lostMarker() string { return filepath.Join(s.profile.Dir(), "republish") }

// createTopics makes what is missing before anything needs it. Topics are new in a new profile, where nothing is to be
// published again, or where the broker's data was lost.
func (s *Stack) createTopics(ctx context.Context) error {
	wanted, err := topics.Read(s.topicsList())
	if err != nil {
		return err
	}
	made, err := topics.Create(ctx, strings.Split(s.brokers, ","), wanted)
	if len(made) > 0 {
		if err := broker.MarkLost(s.lostMarker()); err != nil {
			return err
		}
	}
	return err
}

// topicsKeeper is the part that looks after the topics.
func (s *Stack) topicsKeeper() (supervise.Part, error) {
	runner, err := os.Executable()
	if err != nil {
		return supervise.Part{}, err
	}
	revision, err := supervise.Revision(runner, s.taskwire, s.topicsList())
	if err != nil {
		return supervise.Part{}, err
	}
	listen := fmt.Sprintf("127.0.0.1:%d", s.profile.TopicsPort())
	return supervise.Part{
		Name: topicsPart, Stage: 1, Path: runner, Dir: "/",
		Args: []string{
			"keep-topics", "--listen", listen, "--brokers", s.brokers, "--topics", s.topicsList(),
			"--marker", s.lostMarker(), "--taskwire", s.taskwire,
		},
		Env: []string{"PATH=/usr/bin:/bin", proc.GoThreads(), "DATABASE_URL=" + s.ownerURL},
		Log: s.log(topicsPart), Port: s.profile.TopicsPort(), Probe: "http://" + listen + "/", Grace: 5 * time.Second, Revision: revision,
	}, nil
}
