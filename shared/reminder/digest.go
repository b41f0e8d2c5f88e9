package reminder

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/task"
)

// Few is how many reminders of one tick a user gets one by one. More become one notification, a digest.
const Few = 3

// DigestKind is the kind of a notification of several reminders.
const DigestKind = "digest"

// Digest is the reminders of one tick for one user, and the data of its CloudEvent.
type Digest struct {
	UserID    uuid.UUID `json:"user_id"`
	Tick      time.Time `json:"tick"`
	Reminders []Entry   `json:"reminders"`
}

// Entry is one reminder of a digest.
type Entry struct {
	Kind     string     `json:"kind"`
	TaskID   uuid.UUID  `json:"task_id"`
	DueAt    *time.Time `json:"due_at"`
	DueDate  *task.Date `json:"due_date"`
	Window   string     `json:"window"`
	RemindAt time.Time  `json:"remind_at"`
}

// DigestOf returns the digest of a user's reminders.
func DigestOf(tick time.Time, reminders []*Reminder) Digest {
	d := Digest{UserID: reminders[0].UserID, Tick: tick.UTC()}
	for _, r := range reminders {
		d.Reminders = append(d.Reminders, Entry{Kind: r.Kind, TaskID: r.TaskID, DueAt: r.DueAt, DueDate: r.DueDate, Window: r.Window, RemindAt: r.RemindAt})
	}
	return d
}

// All returns the reminders.
func (d Digest) All() []Reminder {
	all := make([]Reminder, len(d.Reminders))
	for i, e := range d.Reminders {
		all[i] = Reminder{Kind: e.Kind, UserID: d.UserID, TaskID: e.TaskID, DueAt: e.DueAt, DueDate: e.DueDate, Window: e.Window, RemindAt: e.RemindAt}
	}
	return all
}

// ID identifies the notification: one for each user and tick, however often and in however many parts it is delivered.
func (d Digest) ID() uuid.UUID { return NameID(d.Tick, d.UserID, DigestKind) }

// EventID identifies the event. It follows from the contents, so that an event with the same id has the same contents.
func (d Digest) EventID() uuid.UUID {
	parts := []string{DigestKind}
	for _, r := range d.All() {
		parts = append(parts, r.TaskID.String(), r.Kind, r.Window, r.Key().UTC().Format(time.RFC3339Nano))
	}
	return NameID(d.Tick, d.UserID, parts...)
}

// NameID returns the UUIDv7 of something that is named by a moment, an id and further parts: the same for the same
// name, so that a consumer recognizes a duplicate however it came about. Its time is the moment, the rest a hash.
func NameID(at time.Time, of uuid.UUID, parts ...string) uuid.UUID {
	h := sha256.New()
	h.Write(of[:])
	for _, part := range parts {
		h.Write([]byte("\x00" + part))
	}
	var u uuid.UUID
	copy(u[:], h.Sum(nil))
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(max(0, at.UnixMilli())))
	copy(u[:6], ms[2:])
	u[6] = u[6]&0x0f | 0x70 // RFC 9562, 5.7
	u[8] = u[8]&0x3f | 0x80
	return u
}
