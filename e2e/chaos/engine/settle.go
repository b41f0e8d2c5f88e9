package engine

import (
	"context"
	"fmt"
	"strings"
	"time"

	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// settle ends the writing and waits until all work is done: the verdict is on the final state.
func (s *storm) settle(ctx context.Context, stop func()) []verdict.Violation {
	s.Say("waiting until everything is done")
	stop()
	ctx, cancel := context.WithTimeout(ctx, s.RecoveryTimeout)
	defer cancel()
	wait := func() error { return world.Again(ctx, func() error { return s.quiet(ctx) }) }
	err := wait()
	if err == nil {
		err = s.stopReminders(ctx)
	}
	if err == nil {
		err = wait()
	}
	if err == nil {
		err = s.streamsCatchUp(ctx)
	}
	s.result.stopListening()
	if err == nil {
		err = s.restartBroker(ctx)
	}
	if err != nil {
		return []verdict.Violation{{Kind: Stuck, Detail: err.Error()}}
	}
	return nil
}

// stopReminders stops overdue-check until startReminders: tasks become overdue all the time, and the notifications that it
// causes after the streams were read would be missing there.
func (s *storm) stopReminders(ctx context.Context) error {
	parts, err := s.stack.Parts(ctx)
	if err != nil {
		return err
	}
	s.heldAt = time.Now()
	for _, p := range parts {
		if strings.HasPrefix(p.Name, "overdue-check") && !strings.HasSuffix(p.Name, "-dapr") {
			if err := s.stack.Hold(ctx, p.Name); err != nil {
				return err
			}
			s.held = append(s.held, p.Name)
		}
	}
	return nil
}

func (s *storm) startReminders(ctx context.Context) error {
	for _, name := range s.held {
		if err := s.stack.Release(ctx, name); err != nil {
			return err
		}
	}
	return nil
}

// restartBroker makes the topic be read from what the broker has stored, not from its memory.
func (s *storm) restartBroker(ctx context.Context) error {
	before, err := s.stack.Kill9(ctx, stack.Broker)
	if err != nil {
		return err
	}
	_, err = s.stack.WaitReplaced(ctx, before)
	return err
}

// quiet reports whether all work is done: every event is published, every successor is created, and every reminder is a
// notification.
func (s *storm) quiet(ctx context.Context) error {
	for what, query := range map[string]string{
		"events in the outbox": `SELECT count(*) FROM outbox WHERE user_id = ANY ($1::uuid[])`,
		"completed tasks without a successor": `SELECT count(*) FROM task t WHERE user_id = ANY ($1::uuid[]) AND completed_at IS NOT NULL AND recurrence IS NOT NULL
  AND NOT EXISTS (SELECT FROM task n WHERE n.user_id = t.user_id AND n.series_id = t.id AND n.id <> t.id)`,
		// Within a minute of the tick there may always be some.
		"reminders that were not sent": `SELECT count(*) FROM task_reminder WHERE user_id = ANY ($1::uuid[]) AND remind_at < now() - interval '75 seconds'`,
		"reminders that are no notification": `SELECT count(*) FROM task_reminder r WHERE user_id = ANY ($1::uuid[]) AND kind = 'upcoming' AND due_at > now() AND due_at < now() + interval '1 hour'
  AND NOT EXISTS (SELECT FROM notification n WHERE n.user_id = r.user_id AND n.task_id = r.task_id AND n.kind = 'upcoming')`,
	} {
		var n int
		if err := s.db.QueryRow(ctx, query, s.ids()).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%d %s", n, what)
		}
	}
	return nil
}

// letters counts the dead letters in their topic, which also works while the function that stores them is down.
func (s *storm) letters(ctx context.Context) (n int64, err error) {
	return world.CountRecords(ctx, strings.Split(s.values.KafkaBrokers, ","), "dead-letters")
}

func (s *storm) keptLetters(ctx context.Context) (n int, err error) {
	return n, s.db.QueryRow(ctx, `SELECT count(*) FROM dead_letter`).Scan(&n)
}
