package pipeline

import "time"

// Broker is what Kafka says of our topics, and of those who read them.
type Broker struct {
	MeasuredAt time.Time `json:"measured_at"`
	Topics     []Topic   `json:"topics"` // by name
	Groups     []Group   `json:"groups"` // by name
}

// Topic is one topic.
type Topic struct {
	Topic      string  `json:"topic"`
	Partitions int     `json:"partitions"`
	Records    int64   `json:"records"`    // that are kept
	PerSecond  float64 `json:"per_second"` // that came, over the last minute
}

// Group is one consumer group.
type Group struct {
	Group   string `json:"group"`
	State   string `json:"state"` // as Kafka calls it
	Members int    `json:"members"`
	Lag     int64  `json:"lag"`
	// HandledPerSecond is how fast its committed offsets move; nil until they were looked at twice.
	HandledPerSecond *float64   `json:"handled_per_second"`
	Topics           []TopicLag `json:"topics"` // by name

	Committed int64 `json:"-"` // all its offsets together
}

// TopicLag is how many records of a topic a group has still to handle.
type TopicLag struct {
	Topic string `json:"topic"`
	Lag   int64  `json:"lag"`
}

const (
	// rateOver is how far back a rate looks.
	rateOver = time.Minute
	// rateAtLeast is how far apart two looks must be to tell a rate.
	rateAtLeast = time.Second
)

// Progress tells from look to look how fast groups get on. It is not safe for concurrent use.
type Progress struct{ looks []look }

type look struct {
	at        time.Time
	committed map[string]int64
}

// Note remembers where b's groups are, and fills in how fast they have come there.
func (p *Progress) Note(b *Broker) {
	for len(p.looks) > 0 && b.MeasuredAt.Sub(p.looks[0].at) > rateOver {
		p.looks = p.looks[1:]
	}
	now := look{b.MeasuredAt, make(map[string]int64, len(b.Groups))}
	for i := range b.Groups {
		g := &b.Groups[i]
		now.committed[g.Group] = g.Committed
		for _, before := range p.looks {
			then, known := before.committed[g.Group]
			took := now.at.Sub(before.at)
			if !known || took < rateAtLeast || g.Committed < then { // offsets that were set back tell nothing
				continue
			}
			rate := float64(g.Committed-then) / took.Seconds()
			g.HandledPerSecond = &rate
			break
		}
	}
	p.looks = append(p.looks, now)
}
