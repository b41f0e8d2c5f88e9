package store

import (
	"time"

	"github.com/google/uuid"
)

// Statuses of a dead letter.
const (
	Open     = "open"     // waits for a decision
	Redriven = "redriven" // was sent again, and has not failed again since
)

// DeadLetter is a row of the table, as it is shown.
type DeadLetter struct {
	ID         uuid.UUID  `json:"id"`
	Status     string     `json:"status"`
	Consumer   *string    `json:"consumer"` // nil: unknown
	Topic      *string    `json:"topic"`    // nil: unknown
	Partition  *int32     `json:"partition"`
	Offset     *int64     `json:"offset"` // of the last failure
	Reason     string     `json:"reason"`
	Attempts   int        `json:"attempts"` // of the last failure; 0 when unknown
	Failures   int        `json:"failures"` // how often it became a dead letter
	Redrives   int        `json:"redrives"`
	Source     *string    `json:"event_source"` // nil, like the other attributes, when the record is not an event
	EventID    *string    `json:"event_id"`
	EventType  *string    `json:"event_type"`
	Subject    *string    `json:"event_subject"`
	UserID     *uuid.UUID `json:"user_id"`
	CreatedAt  time.Time  `json:"created_at"`
	FailedAt   time.Time  `json:"failed_at"`
	RedrivenAt *time.Time `json:"redriven_at"`
}

// Query selects dead letters, newest first. Empty fields do not restrict.
type Query struct {
	Status, Consumer, Topic, Type string
	Limit                         int
	After                         uuid.UUID // the last one of the previous page; Nil starts at the newest
}
