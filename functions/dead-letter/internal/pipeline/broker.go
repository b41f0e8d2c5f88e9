package pipeline

import "time"

// Broker is Kafka's view of our topics and their consumers.
type Broker struct {
	MeasuredAt time.Time `json:"measured_at"`
	Topics     []Topic   `json:"topics"` // by name
	Groups     []Group   `json:"groups"` // by name
}

// Topic is one topic.
type Topic struct {
	Topic      string  `json:"topic"`
	Partitions int     `json:"partitions"`
	Records    int64   `json:"records"`    // that are retained
	PerSecond  float64 `json:"per_second"` // produced, over the last minute
}

// Group is one consumer group.
type Group struct {
	Group   string `json:"group"`
	State   string `json:"state"` // as Kafka calls it
	Members int    `json:"members"`
	Lag     int64  `json:"lag"`
	// HandledPerSecond is how fast its committed offsets advance; nil until two measurements exist.
	HandledPerSecond *float64   `json:"handled_per_second"`
	Topics           []TopicLag `json:"topics"` // by name

	Committed int64 `json:"-"` // sum of its offsets
}

// TopicLag is a group's lag on one topic, in records.
type TopicLag struct {
	Topic string `json:"topic"`
	Lag   int64  `json:"lag"`
}

const (
	// rateOver is the time that a rate covers.
	rateOver = time.Minute
	// rateAtLeast is the shortest time between two measurements for a rate.
	rateAtLeast = time.Second
)

// Progress computes from successive measurements how fast groups advance. It is not safe for concurrent use.
type Progress struct{ looks []look }

type look struct {
	at        time.Time
	committed map[string]int64
}

// Note records the offsets of b's groups, and fills in how fast they got there.
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
			if !known || took < rateAtLeast || g.Committed < then { // offsets that were reset give no rate
				continue
			}
			rate := float64(g.Committed-then) / took.Seconds()
			g.HandledPerSecond = &rate
			break
		}
	}
	p.looks = append(p.looks, now)
}
