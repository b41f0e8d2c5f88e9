package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"taskwire.dev/e2e/chaos/history"
	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

// judge reads everything that is visible from outside, and compares it with what was acknowledged.
func (s *storm) judge(ctx context.Context) error {
	s.Say("reading what is there")
	topic := map[string][]verdict.Record{}
	err := world.EachRecord(ctx, strings.Split(s.values.KafkaBrokers, ","), "task-events", func(key string, e client.Event) {
		seq, _ := strconv.ParseInt(e.Sequence, 10, 64)
		owner, _ := strings.CutSuffix(strings.TrimPrefix(e.Source, "/users/"), "/tasks")
		topic[key] = append(topic[key], verdict.Record{Key: key, User: owner, ID: e.ID, Type: e.Type, Seq: seq})
	})
	if err != nil {
		return err
	}
	s.result.counts = s.writer.Counts()
	for _, w := range s.writer.Wrong() {
		s.result.add(verdict.Violation{Kind: verdict.Kind(w.Kind), User: w.User, Detail: w.What})
	}
	for i, u := range s.users {
		seen, err := s.look(ctx, u, topic[u.ID])
		if err != nil {
			return fmt.Errorf("user %s: %w", u.ID, err)
		}
		for _, l := range s.listeners[i*s.Streams : (i+1)*s.Streams] {
			report := l.Report()
			s.result.streams.connects += report.Connects
			s.result.streams.resets += report.Resets
			s.result.streams.frames += report.Changes
			for _, wrong := range report.Wrong {
				if strings.HasPrefix(wrong, "refused") {
					s.result.add(verdict.Violation{Kind: Answer, User: u.ID, Detail: "a stream is " + wrong})
				}
			}
			seen.Streams = append(seen.Streams, frames(l.Frames()))
		}
		s.result.events += len(seen.Log)
		s.result.add(verdict.Of(u.Changes(), seen)...)
	}
	letters, err := s.letters(ctx)
	if err != nil {
		return err
	}
	kept, err := s.keptLetters(ctx)
	if err != nil {
		return err
	}
	if s.result.letters = letters - s.result.lettersBefore; s.result.letters > 0 {
		if kept == 0 {
			s.result.add(verdict.Violation{Kind: verdict.Lost, Detail: "a dead letter is in its topic, and was not kept"})
		}
		s.result.add(verdict.Violation{Kind: Letter, Detail: fmt.Sprintf("%d events are in the dead letters, and nobody sent poison: %s", s.result.letters, s.why(ctx))})
	}
	if err := s.stack.RebuildCheck(ctx); err != nil {
		s.result.add(verdict.Violation{Kind: verdict.Wrong, Detail: err.Error()})
	}
	return nil
}

// why lists whose events the dead letters are.
func (s *storm) why(ctx context.Context) string {
	var why string
	_ = s.db.QueryRow(ctx, `SELECT string_agg(n || ' of ' || coalesce(consumer, 'nobody') || ' from ' || coalesce(topic, 'nowhere') || ': ' || coalesce(left(reason, 200), ''), '; ')
FROM (SELECT count(*) n, consumer, topic, reason FROM dead_letter GROUP BY 2, 3, 4 ORDER BY 1 DESC LIMIT 5) AS letters`).Scan(&why)
	return why
}

// look reads everything of a user.
func (s *storm) look(ctx context.Context, u *history.User, topic []verdict.Record) (verdict.Seen, error) {
	seen := verdict.Seen{User: u.ID, At: s.heldAt, Tasks: map[string]history.State{}, In: map[string]string{}, Topic: topic}
	log, err := u.Call.History(ctx, 0)
	if err != nil {
		return seen, err
	}
	for _, e := range log {
		seen.Log = append(seen.Log, entry(e))
	}
	tasks, err := u.Call.AllTasks(ctx, map[string][]string{"status": {"all"}, "limit": {"200"}}, nil)
	if err != nil {
		return seen, err
	}
	for _, t := range tasks {
		seen.Tasks[t.ID] = history.StateOf(&t)
		if section := history.SectionOf(&t); section != "" {
			seen.In[t.ID] = section
		}
	}
	if err := others(ctx, u, &seen); err != nil {
		return seen, err
	}
	told, err := u.Call.AllNotifications(ctx)
	if err != nil {
		return seen, err
	}
	for _, n := range told {
		day := n.CreatedAt.UTC().Format(time.DateOnly)
		if n.Kind != "digest" {
			seen.Notices = append(seen.Notices, verdict.Notice{Task: n.TaskID, Kind: n.Kind, Day: day, Resolved: n.ResolvedAt != nil})
		}
		for _, r := range n.Reminders {
			seen.Notices = append(seen.Notices, verdict.Notice{Task: r.TaskID, Kind: r.Kind, Day: day, Digest: n.ID, Resolved: r.ResolvedAt != nil})
		}
	}
	return seen, nil
}
