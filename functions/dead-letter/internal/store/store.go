// Package store is the table dead_letter: events that consumers refused or gave up on.
package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/dead-letter/internal/record"
	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/deadletter"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Store is the table dead_letter, in the role taskwire_deadletter.
type Store struct {
	pool      *postgres.Pool
	consumers map[string]string
}

// consumer is the function's name in the inbox.
const consumer = "dead-letter"

// New returns the table. consumers has the topic of each consumer.
func New(pool *postgres.Pool, consumers map[string]string) *Store {
	return &Store{pool: pool, consumers: consumers}
}

// Add adds a dead letter. One that failed before at the same consumer is reopened; a second delivery of the same
// failure changes nothing.
func (s *Store) Add(ctx context.Context, l deadletter.DeadLetter) error {
	// Any client that may write to the topic can write anything, and nothing may block the records behind it.
	l.Event, l.Attempts = record.Original(l.Event), min(max(l.Attempts, 0), math.MaxInt32)
	l.ID, l.Consumer, l.Topic = indexable(l.ID), indexable(l.Consumer), indexable(l.Topic)
	if l.ID == "" {
		// Two deliveries cannot be told apart from two failures: reopening it once too often is better than once too
		// rarely.
		l.ID = uuid.NewString()
	}
	if l.Event == nil {
		l.Event = []byte{} // a record without a value
	}
	var partition *int32
	var offset *int64
	if l.Position != nil {
		partition, offset = &l.Position.Partition, &l.Position.Offset
	}
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	return postgres.Fault(s.pool.InTx(ctx, postgres.Platform, func(tx pgx.Tx) error {
		first, err := userlog.Record(ctx, tx, consumer, "/consumers/"+l.Consumer+"/dead-letters", l.ID)
		if err != nil || !first {
			return err
		}
		a := attributes(l.Event)
		key := identity(l, a.source, a.id)
		// the unique key of dead_letter
		const add = `
INSERT INTO dead_letter AS kept (id, identity, consumer, topic, reason, attempts, source, event_id, event_type, subject, user_id, event,
  record_partition, record_offset)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (identity) DO UPDATE SET status = 'open', failures = kept.failures + 1, failed_at = now(),
  attempts = EXCLUDED.attempts, reason = CASE EXCLUDED.reason WHEN '' THEN kept.reason ELSE EXCLUDED.reason END,
  topic = CASE EXCLUDED.topic WHEN '' THEN kept.topic ELSE EXCLUDED.topic END,
  record_partition = EXCLUDED.record_partition, record_offset = EXCLUDED.record_offset
RETURNING id, redrives`
		var id uuid.UUID
		var redrives int
		err = tx.QueryRow(ctx, add, postgres.NewID(), key[:], l.Consumer, l.Topic, storable(l.Reason), l.Attempts,
			null(a.source), null(a.id), null(a.kind), null(a.subject), a.user, l.Event, partition, offset).Scan(&id, &redrives)
		if err != nil || !l.Unavailable || redrives >= maxRedrives || a.id == "" {
			return err
		}
		return s.redriveUnavailable(ctx, tx, id)
	}))
}

// identity is the same for every failure of one event at one consumer. A record that is not an event is identified by
// its content and its place in the topic: two records without a value look alike.
func identity(l deadletter.DeadLetter, source, id string) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range []string{l.Consumer, source, id} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	if id == "" {
		h.Write([]byte(strconv.Itoa(len(l.Topic)) + ":" + l.Topic))
		if l.Position != nil {
			fmt.Fprintf(h, "%d/%d:", l.Position.Partition, l.Position.Offset)
		}
		h.Write(l.Event)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// identified are the attributes that identify an event.
type identified struct {
	source, id, kind, subject string
	user                      *uuid.UUID
}

// attributes reads as many attributes as it can: some of an event helps an administrator more than none.
func attributes(event []byte) (a identified) {
	e, err := cloudevent.Parse(event)
	if err != nil {
		return a
	}
	a = identified{source: storable(e.Source()), id: storable(e.ID()), kind: storable(e.Type()), subject: storable(e.Subject())}
	a.user = partitionUser(e)
	return a
}

func partitionUser(e cloudevents.Event) *uuid.UUID {
	key, _ := e.Extensions()["partitionkey"].(string)
	user, err := uuid.Parse(key)
	if err != nil {
		return nil
	}
	return &user
}

const columns = `id, status, nullif(consumer, ''), nullif(topic, ''), record_partition, record_offset, reason, attempts, failures, redrives,
  source, event_id, event_type, subject, user_id, created_at, failed_at, redriven_at`

func fields(k *DeadLetter) []any {
	return []any{
		&k.ID, &k.Status, &k.Consumer, &k.Topic, &k.Partition, &k.Offset, &k.Reason, &k.Attempts, &k.Failures, &k.Redrives,
		&k.Source, &k.EventID, &k.EventType, &k.Subject, &k.UserID, &k.CreatedAt, &k.FailedAt, &k.RedrivenAt,
	}
}

// List returns up to q.Limit+1 letters, newest first.
func (s *Store) List(ctx context.Context, who token.Principal, q Query) ([]DeadLetter, error) {
	// primary key of dead_letter, or dead_letter_status
	const list = `SELECT ` + columns + ` FROM dead_letter
WHERE ($1 = '' OR status = $1) AND ($2 = '' OR consumer = $2) AND ($3 = '' OR topic = $3) AND ($4 = '' OR event_type = $4)
  AND ($5::uuid IS NULL OR id < $5) ORDER BY id DESC LIMIT $6`
	var after *uuid.UUID
	if q.After != uuid.Nil {
		after = &q.After
	}
	letters := []DeadLetter{}
	err := s.read(ctx, who, func(b *pgx.Batch) {
		b.Queue(list, q.Status, q.Consumer, q.Topic, q.Type, after, q.Limit+1).Query(func(rows pgx.Rows) (err error) {
			letters, err = pgx.AppendRows(letters, rows, func(row pgx.CollectableRow) (k DeadLetter, err error) {
				return k, row.Scan(fields(&k)...)
			})
			return err
		})
	})
	return letters, err
}

var errNotFound = fault.New(fault.NotFound, "there is no such dead letter")

// Get returns a letter and its event, byte for byte.
func (s *Store) Get(ctx context.Context, who token.Principal, id uuid.UUID) (k DeadLetter, event []byte, err error) {
	err = s.read(ctx, who, func(b *pgx.Batch) {
		// primary key of dead_letter
		b.Queue(`SELECT `+columns+`, event FROM dead_letter WHERE id = $1`, id).QueryRow(func(row pgx.Row) error {
			return absent(row.Scan(append(fields(&k), &event)...), errNotFound)
		})
	})
	return k, event, err
}

// Discard deletes a letter.
func (s *Store) Discard(ctx context.Context, who token.Principal, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// In a transaction: a plain batch would be committed before the check of the administrator.
	return postgres.Fault(s.pool.InTx(ctx, postgres.OfUser(who.UserID), func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		actAsAdmin(b, who)
		// primary key of dead_letter
		b.Queue(`DELETE FROM dead_letter WHERE id = $1 RETURNING id`, id).QueryRow(func(row pgx.Row) error {
			return absent(row.Scan(&id), errNotFound)
		})
		return tx.SendBatch(ctx, b).Close()
	}))
}

// Authorize returns a fault unless who is an administrator now.
func (s *Store) Authorize(ctx context.Context, who token.Principal) error {
	return s.read(ctx, who, func(*pgx.Batch) {})
}

// read runs a batch of queries for an administrator.
func (s *Store) read(ctx context.Context, who token.Principal, queue func(*pgx.Batch)) error {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	conn, err := s.pool.Acquire(ctx, postgres.OfUser(who.UserID))
	if err != nil {
		return err
	}
	defer conn.Release()
	b := &pgx.Batch{}
	actAsAdmin(b, who)
	queue(b)
	return postgres.Fault(conn.SendBatch(ctx, b).Close())
}

// absent replaces "no row" by the caller's fault.
func absent(err, fault error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault
	}
	return err
}

// null returns NULL for an absent value.
func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// indexable returns s for an index: a value longer than any of our names is replaced by its digest.
func indexable(s string) string {
	if len(s) <= 200 {
		return storable(s)
	}
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// storable returns s without NUL, which PostgreSQL's text does not allow.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
