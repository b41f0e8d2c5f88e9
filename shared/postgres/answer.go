package postgres

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
)

// QueueFirstAnswer looks for what the key was answered with before; found is told, with a fault when that was to
// another request.
func QueueFirstAnswer(b *pgx.Batch, user uuid.UUID, key idempotency.Key, found func(idempotency.Answer, error)) {
	b.Queue(firstAnswer, user, key.Name).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var hash []byte
			var a idempotency.Answer
			if err := rows.Scan(&hash, &a.Status, &a.Header, &a.Body); err != nil {
				return err
			}
			found(a, key.Check(hash))
		}
		return rows.Err()
	})
}

// QueueKeepAnswer keeps the answer for whoever asks again.
func QueueKeepAnswer(b *pgx.Batch, user uuid.UUID, key idempotency.Key, a idempotency.Answer) {
	b.Queue(keepAnswer, user, key.Name, key.Hash[:], a.Status, a.Header, nonNil(a.Body))
}

// nonNil keeps an empty body from being NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
