package store

import (
	"time"

	"github.com/google/uuid"
)

// Statuses of a dead letter.
const (
	Open     = "open"     // waits for somebody to decide
	Redriven = "redriven" // was sent again, and has not come back since
)

// DeadLetter is a row of the table, as it is shown.
type DeadLetter struct {
	ID         uuid.UUID  `json:"id"`
	Status     string     `json:"status"`
	Consumer   *string    `json:"consumer"` // nil: nobody knows
	Topic      *string    `json:"topic"`    // nil: nobody knows
	Partition  *int32     `json:"partition"`
	Offset     *int64     `json:"offset"` // of the last failure
	Reason     string     `json:"reason"`
	Attempts   int        `json:"attempts"` // of the last failure; 0 where nobody counted
	Failures   int        `json:"failures"` // how often it became a dead letter
	Redrives   int        `json:"redrives"`
	Source     *string    `json:"event_source"` // nil, as the other attributes, where the record is no event
	EventID    *string    `json:"event_id"`
	EventType  *string    `json:"event_type"`
	Subject    *string    `json:"event_subject"`
	UserID     *uuid.UUID `json:"user_id"`
	CreatedAt  time.Time  `json:"created_at"`
	FailedAt   time.Time  `json:"failed_at"`
	RedrivenAt *time.Time `json:"redriven_at"`
}

// Query asks for dead letters, the newest first. Empty members do not restrict.
type Query struct {
	Status, Consumer, Topic, Type string
	Limit                         int
	After                         uuid.UUID // the last one of the page before; Nil begins
}
