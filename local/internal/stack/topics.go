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
	// topicsPart recreates topics that the broker loses while the stack runs.
	topicsPart = "topics"
	// TopicRetention is the age up to which events are republished then: as long as topics keep them.
	TopicRetention = "168h"
)

func (s *Stack) topicsList() string {
	return filepath.Join(s.profile.Root, "eventing", "topics.yaml")
}

// lostMarker records that events must be republished: see broker.TopicRestorer.
func (s *Stack) lostMarker() string { return filepath.Join(s.profile.Dir(), "republish") }

// createTopics creates missing topics before any part needs them. Topics are missing in a new profile, which has
// nothing to republish, or because the broker's data was lost.
func (s *Stack) createTopics(ctx context.Context) error {
	wanted, err := topics.Read(s.topicsList())
	if err != nil {
		return err
	}
	restorer := &broker.TopicRestorer{Brokers: strings.Split(s.brokers, ","), Topics: wanted, Marker: s.lostMarker()}
	_, err = restorer.CreateMissing(ctx)
	return err
}

// topicRestorer is the part that recreates topics.
func (s *Stack) topicRestorer() (supervise.Part, error) {
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
			"restore-topics", "--listen", listen, "--brokers", s.brokers, "--topics", s.topicsList(),
			"--marker", s.lostMarker(), "--taskwire", s.taskwire,
		},
		Env: []string{"PATH=/usr/bin:/bin", proc.GoThreads(), "DATABASE_URL=" + s.ownerURL},
		Log: s.log(topicsPart), Port: s.profile.TopicsPort(), Probe: "http://" + listen + "/", Grace: 5 * time.Second, Revision: revision,
	}, nil
}
