package userlog

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/idempotency"
)

// QueueFirstAnswer reads the first answer to a request with the key. found gets it, or a fault if the key was used for
// another request.
func QueueFirstAnswer(b *pgx.Batch, user uuid.UUID, key idempotency.Key, found func(idempotency.Answer, error)) {
	// primary key of idempotency_key
	const first = `SELECT request_hash, status, header, body FROM idempotency_key WHERE user_id = $1 AND key = $2`
	b.Queue(first, user, key.Name).Query(func(rows pgx.Rows) error {
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

// QueueAnswer stores the answer for repeated requests.
func QueueAnswer(b *pgx.Batch, user uuid.UUID, key idempotency.Key, a idempotency.Answer) {
	const store = `
INSERT INTO idempotency_key (user_id, key, request_hash, status, header, body) VALUES ($1, $2, $3, $4, coalesce($5, '{}'::jsonb), $6)`
	body := a.Body
	if body == nil {
		body = []byte{} // nil would be NULL
	}
	b.Queue(store, user, key.Name, key.Hash[:], a.Status, a.Header, body)
}
