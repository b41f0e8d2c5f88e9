package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/trace"

	"taskwire.dev/functions/dead-letter/internal/record"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Redrive puts the event of a dead letter into the outbox, to be sent to its topic again, and marks the letter as
// redriven, in one transaction. render makes the answer, which is repeated for the same key.
func (s *Store) Redrive(ctx context.Context, who token.Principal, key idempotency.Key, id uuid.UUID,
	render func(DeadLetter) idempotency.Answer,
) (answer idempotency.Answer, err error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	err = s.pool.InTx(ctx, postgres.OfUser(who.UserID), func(tx pgx.Tx) error {
		letter, event, first, err := lockLetter(ctx, tx, who, key, id)
		if err != nil {
			return err
		}
		if first != nil {
			answer = *first
			return nil
		}
		if err := s.sendAgain(ctx, tx, &letter, event); err != nil {
			return err
		}
		answer = render(letter)
		if key.Name == "" {
			return nil
		}
		b := &pgx.Batch{}
		userlog.QueueAnswer(b, who.UserID, key, answer)
		return tx.SendBatch(ctx, b).Close()
	})
	return answer, postgres.Fault(err)
}

// lockLetter locks and reads a dead letter, or returns the first answer to the same request.
func lockLetter(ctx context.Context, tx pgx.Tx, who token.Principal, key idempotency.Key, id uuid.UUID) (
	letter DeadLetter, event []byte, first *idempotency.Answer, err error,
) {
	var refused error
	b := &pgx.Batch{}
	actAsAdmin(b, who)
	if key.Name != "" {
		// Of two concurrent requests with one key the second must find the answer to the first.
		b.Queue(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, who.UserID.String()+key.Name).Exec(postgres.Discard)
		userlog.QueueFirstAnswer(b, who.UserID, key, func(a idempotency.Answer, refusal error) {
			first, refused = &a, refusal
		})
	}
	// primary key of dead_letter
	b.Queue(`SELECT `+columns+`, event FROM dead_letter WHERE id = $1 FOR UPDATE`, id).QueryRow(func(row pgx.Row) error {
		err := row.Scan(append(fields(&letter), &event)...)
		if first != nil {
			return nil // it may have been discarded since
		}
		return absent(err, errNotFound)
	})
	if err = tx.SendBatch(ctx, b).Close(); err == nil {
		err = refused
	}
	return letter, event, first, err
}

// maxRedrives is how often a letter is redriven automatically. An event whose consumer was not running is good; one
// that crashes its consumer looks the same.
const maxRedrives = 3

// redriveUnavailable redrives a letter automatically, since its consumer was not running. A letter that cannot be sent
// stays open.
func (s *Store) redriveUnavailable(ctx context.Context, tx pgx.Tx, id uuid.UUID) error {
	var letter DeadLetter
	var event []byte
	// primary key of dead_letter
	const read = `SELECT ` + columns + `, event FROM dead_letter WHERE id = $1`
	if err := tx.QueryRow(ctx, read, id).Scan(append(fields(&letter), &event)...); err != nil {
		return err
	}
	err := s.sendAgain(ctx, tx, &letter, event)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func (s *Store) sendAgain(ctx context.Context, tx pgx.Tx, letter *DeadLetter, event []byte) error {
	if letter.EventID == nil {
		return fault.New(fault.Conflict, "the record is not a CloudEvent, so no consumer can handle it; it can only be discarded")
	}
	topic, err := s.topicOf(*letter)
	if err != nil {
		return err
	}
	consumer, user := "", uuid.Nil
	if letter.Consumer != nil {
		consumer = *letter.Consumer
	}
	if letter.UserID != nil {
		user = *letter.UserID
	}
	_, span := telemetry.Tracer.Start(telemetry.WithTraceparent(ctx, telemetry.TraceparentOf(event)), "redrive "+topic,
		trace.WithLinks(trace.LinkFromContext(ctx)))
	defer span.End()
	var out userlog.Outgoing
	out.Add(user, topic, record.Redrive(event, consumer))
	b := &pgx.Batch{}
	out.Queue(b)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return err
	}
	// primary key of dead_letter
	const note = `UPDATE dead_letter SET status = 'redriven', redrives = redrives + 1, redriven_at = now() WHERE id = $1
RETURNING status, redrives, redriven_at`
	var at time.Time
	err = tx.QueryRow(ctx, note, letter.ID).Scan(&letter.Status, &letter.Redrives, &at)
	letter.RedrivenAt = &at
	return err
}

// topicOf returns the topic that the letter's event came from. Knative does not say, but it names the consumer, which has one
// topic; a type has one, too. A letter can name any topic, and a row of the outbox for one that the broker does not have would stay
// there and delay all others.
func (s *Store) topicOf(letter DeadLetter) (string, error) {
	if letter.Topic != nil {
		if !s.redrivable(*letter.Topic) {
			return "", fault.New(fault.Conflict, "no consumer reads the topic %q; the event can only be discarded", *letter.Topic)
		}
		return *letter.Topic, nil
	}
	if letter.Consumer != nil {
		if topic := s.consumers[*letter.Consumer]; s.redrivable(topic) {
			return topic, nil
		}
	}
	if topic, known := cloudevent.TopicOf(*letter.EventType); known {
		return topic, nil
	}
	return "", fault.New(fault.Conflict, "the event's topic is unknown; it can only be discarded")
}

// redrivable reports whether events can be redriven to a topic: the broker has it, and it is not that of the dead letters themselves.
func (s *Store) redrivable(topic string) bool {
	switch topic {
	case cloudevent.TopicTaskEvents, cloudevent.TopicTaskUpdates, cloudevent.TopicReminders:
		return true
	case cloudevent.TopicDeadLetters, "":
		return false
	}
	for _, consumed := range s.consumers {
		if consumed == topic {
			return true
		}
	}
	return false
}
