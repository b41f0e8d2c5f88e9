// Package pipeline is an administrator's view of the event pipeline: what waits to be published, what is in the broker,
// the lag of its consumers, how long delivery takes, and the dead letters.
package pipeline

import "time"

// Snapshot is one measurement. It contains only measured numbers.
type Snapshot struct {
	MeasuredAt  time.Time   `json:"measured_at"`
	Outbox      Outbox      `json:"outbox"`
	DeadLetters DeadLetters `json:"dead_letters"`
	Broker      *Broker     `json:"broker"`  // nil when it could not be measured
	Traffic     *Traffic    `json:"traffic"` // nil when it could not be measured
	Missing     []Missing   `json:"missing"` // with the reasons
}

// Missing is a part of a Snapshot that could not be measured.
type Missing struct {
	Part   string `json:"part"` // "broker" or "traffic"
	Detail string `json:"detail"`
}

// Outbox is what is committed and not yet confirmed by the broker.
type Outbox struct {
	Waiting  int64      `json:"waiting"`
	OldestAt *time.Time `json:"oldest_at"` // nil when nothing waits
	Topics   []Backlog  `json:"topics"`    // those with a backlog, by name
}

// Backlog is what waits for one topic.
type Backlog struct {
	Topic    string    `json:"topic"`
	Waiting  int64     `json:"waiting"`
	OldestAt time.Time `json:"oldest_at"`
}

// DeadLetters are the events that consumers refused or gave up on.
type DeadLetters struct {
	Open      int64      `json:"open"`
	Redriven  int64      `json:"redriven"`
	Consumers []GivenUp  `json:"consumers"` // those with dead letters, by name
	FailedAt  *time.Time `json:"failed_at"` // of the last failure; nil when there is none
}

// GivenUp is what one consumer could not handle.
type GivenUp struct {
	Consumer *string   `json:"consumer"` // nil when unknown
	Open     int64     `json:"open"`
	Redriven int64     `json:"redriven"`
	FailedAt time.Time `json:"failed_at"`
}

// Of sums up the outbox and the dead letters.
func Of(at time.Time, backlogs []Backlog, givenUp []GivenUp) Snapshot {
	s := Snapshot{MeasuredAt: at.UTC(), Outbox: Outbox{Topics: backlogs}, DeadLetters: DeadLetters{Consumers: givenUp}, Missing: []Missing{}}
	for _, b := range backlogs {
		s.Outbox.Waiting += b.Waiting
		if s.Outbox.OldestAt == nil || b.OldestAt.Before(*s.Outbox.OldestAt) {
			s.Outbox.OldestAt = &b.OldestAt
		}
	}
	for _, g := range givenUp {
		s.DeadLetters.Open += g.Open
		s.DeadLetters.Redriven += g.Redriven
		if s.DeadLetters.FailedAt == nil || g.FailedAt.After(*s.DeadLetters.FailedAt) {
			s.DeadLetters.FailedAt = &g.FailedAt
		}
	}
	return s
}
