package userlog

import (
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/cloudevent"
	"taskwire.dev/shared/outbox"
	"taskwire.dev/shared/task"
)

// Only the code below puts events into the outbox: addOutgoing any number of them, and a part of the statement of each
// audit event. The latter has no arrays, which took PostgreSQL and pgx a tenth longer than the whole rest of a change.
const (
	intoOutbox = `INSERT INTO outbox (shard, user_id, topic, payload) `

	addOutgoing = intoOutbox + `
SELECT shard, user_id, topic, payload
FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::bytea[]) WITH ORDINALITY AS o (shard, user_id, topic, payload, n) ORDER BY n`

	addUpdate    = intoOutbox + `VALUES ($13, $1, $14, $15)`
	addTaskEvent = addUpdate + `, ($13, $1, $16, $17)`
)

// Outgoing collects events for the outbox, which keeps their order.
type Outgoing struct {
	shards   []int16
	users    []uuid.UUID
	topics   []string
	payloads [][]byte
}

// Add adds an event of a user for a topic.
func (o *Outgoing) Add(user uuid.UUID, topic string, payload []byte) {
	o.shards, o.users = append(o.shards, outbox.Shard(user)), append(o.users, user)
	o.topics, o.payloads = append(o.topics, topic), append(o.payloads, payload)
}

// AddEvent adds the CloudEvents of an audit event again.
func (o *Outgoing) AddEvent(e task.Event) {
	if e.EventType.OfTask() {
		o.Add(e.UserID, cloudevent.TopicTaskEvents, cloudevent.TaskEvent(e))
	}
	o.Add(e.UserID, cloudevent.TopicTaskUpdates, update(e))
}

// Queue adds the statement to a transaction. Without events it adds none.
func (o *Outgoing) Queue(b *pgx.Batch) {
	if len(o.users) > 0 {
		b.Queue(addOutgoing, o.shards, o.users, o.topics, o.payloads)
	}
}

// update is what open screens receive of an audit event.
func update(e task.Event) []byte {
	switch {
	case e.EventType.OfTask():
		return cloudevent.TaskUpdate(e)
	case e.EventType.OfLabel():
		return cloudevent.LabelUpdate(e)
	case e.EventType.OfView():
		return cloudevent.ViewUpdate(e)
	case e.EventType.OfComment():
		return cloudevent.CommentUpdate(e)
	default:
		return cloudevent.NotificationUpdate(e)
	}
}
