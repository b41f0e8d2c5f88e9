package deadletter

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

// Statuses of a dead letter.
const (
	Open     = "open"     // waits for somebody to decide
	Redriven = "redriven" // was sent again, and has not come back since
)

// Kept is a dead letter as it is kept and shown.
type Kept struct {
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

// Identity is the same for every failure of one event at one consumer. What is no event is known by its content and by
// where it was: two records without a value look alike.
func (l Letter) Identity(source, id string) [sha256.Size]byte {
	h := sha256.New()
	for _, part := range []string{l.Consumer, source, id} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	if id == "" {
		h.Write([]byte(strconv.Itoa(len(l.Topic)) + ":" + l.Topic))
		if l.Position != nil {
			fmt.Fprintf(h, "%d/%d:", l.Position.Partition, l.Position.Offset)
		}
		h.Write(l.Event)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Query asks for dead letters, the newest first. Empty members do not restrict.
type Query struct {
	Status, Consumer, Topic, Type string
	Limit                         int
	After                         uuid.UUID // the last one of the page before; Nil begins
}

// DefaultLimit and MaxLimit are as in every list.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

var parameters = []string{"status", "consumer", "topic", "type", "limit", "cursor"}

// ParseQuery reads the parameters of GET /api/admin/dead-letters.
func ParseQuery(v url.Values) (Query, error) {
	var fs fault.Fields
	for name, values := range v {
		if !slices.Contains(parameters, name) {
			fs.Add("/"+name, "is not a parameter of this list")
		} else if len(values) > 1 {
			fs.Add("/"+name, "is given more than once")
		} else if strings.ToValidUTF8(values[0], "") != values[0] || strings.ContainsRune(values[0], 0) {
			fs.Add("/"+name, "is not text")
		}
	}
	q := Query{Status: v.Get("status"), Consumer: v.Get("consumer"), Topic: v.Get("topic"), Type: v.Get("type"), Limit: DefaultLimit}
	switch q.Status {
	case "", Open, Redriven:
	case "all":
		q.Status = ""
	default:
		fs.Add("/status", "must be open, redriven or all")
	}
	if v.Has("limit") {
		n, err := strconv.Atoi(v.Get("limit"))
		if err != nil || n < 1 || n > MaxLimit {
			fs.Add("/limit", "must be 1 to %d", MaxLimit)
		}
		q.Limit = n
	}
	if cursor := v.Get("cursor"); cursor != "" {
		id, err := uuid.Parse(cursor)
		if err != nil || len(cursor) != 36 {
			fs.Add("/cursor", "is not one that this list gave")
		}
		q.After = id
	}
	return q, fs.Err()
}
