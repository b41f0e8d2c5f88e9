package postgres

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/outbox"
)

// outgoing collects events for the outbox, so that one statement adds all of them in their order.
type outgoing struct {
	shards   []int16
	users    []uuid.UUID
	topics   []string
	payloads [][]byte
}

func (o *outgoing) add(user uuid.UUID, topic string, payload []byte) {
	o.shards, o.users = append(o.shards, outbox.Shard(user)), append(o.users, user)
	o.topics, o.payloads = append(o.topics, topic), append(o.payloads, payload)
}

func (o *outgoing) queue(b *pgx.Batch) {
	if len(o.users) == 0 {
		return
	}
	const add = `
INSERT INTO outbox (shard, user_id, topic, payload)
SELECT shard, user_id, topic, payload
FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::bytea[]) WITH ORDINALITY AS o (shard, user_id, topic, payload, n) ORDER BY n`
	b.Queue(add, o.shards, o.users, o.topics, o.payloads)
}
