package recent

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/hashicorp/golang-lru/v2/expirable"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/clock"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

// State is the store of the contexts (package state).
type State interface {
	Get(ctx context.Context, key string) (value []byte, etag string, err error)
	Put(ctx context.Context, key string, value []byte, etag string, ttl time.Duration) error
}

// contextTTL is how long a context is stored without changes of its user and without calls of an assistant.
const contextTTL = 7 * 24 * time.Hour

// ContextCache stores the contexts of users who use an assistant.
type ContextCache struct {
	state State
	// absent holds users who have no context, so that their events, which are most events, need no lookup in Redis. If
	// another instance creates a context for such a user, it lacks the events that this instance skips until Read
	// fetches them.
	absent *expirable.LRU[uuid.UUID, struct{}]
}

// NewContextCache returns a ContextCache.
func NewContextCache(state State) *ContextCache {
	return &ContextCache{state: state, absent: expirable.NewLRU[uuid.UUID, struct{}](10_000, nil, 30*time.Second)}
}

// Absent reports whether the user is known to have no context, so that Apply would do nothing.
func (cc *ContextCache) Absent(user uuid.UUID) bool { return cc.absent.Contains(user) }

// Apply adds an event of task-events to its user's context, if there is one. After a gap, such as a notification, which
// that topic does not have, the rest is left to Read. It never fails: what it misses is read from the history, and
// delaying the events of others for a cache would not help.
func (cc *ContextCache) Apply(ctx context.Context, e task.Event) {
	user := e.UserID
	if cc.Absent(user) {
		return
	}
	for range 3 {
		c, etag, err := cc.load(ctx, user)
		if err == nil && c == nil {
			if cc.Absent(user) {
				return
			}
			// Check again after adding the user: Read may have created one just now.
			cc.absent.Add(user, struct{}{})
			continue
		}
		if err == nil {
			cc.absent.Remove(user)
			// An older event with a sequence beyond the history is of a state that a restore of the database has taken back: another
			// change has that sequence, or will have it. A restore clears the contexts of that state.
			if e.Time.Before(c.Built) || !c.Apply(e) {
				return
			}
			err = cc.save(ctx, user, c, etag)
		}
		if !fault.Is(err, fault.Conflict) {
			if err != nil {
				slog.WarnContext(ctx, "cannot update context", "error", err)
			}
			return
		}
	}
}

func (cc *ContextCache) load(ctx context.Context, user uuid.UUID) (*Context, string, error) {
	value, etag, err := cc.state.Get(ctx, dapr.ContextKey(user))
	if err != nil || value == nil {
		return nil, "", err
	}
	var c Context
	if err := json.Unmarshal(value, &c); err != nil {
		return nil, etag, nil // written by an older version: it is replaced under this ETag
	}
	return &c, etag, nil
}

func (cc *ContextCache) save(ctx context.Context, user uuid.UUID, c *Context, etag string) error {
	value, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return cc.state.Put(ctx, dapr.ContextKey(user), value, etag, contextTTL)
}

// Call calls the tasks function as the user.
type Call func(ctx context.Context, r rest.Request, out any) error

// Read returns the user's current context: the stored one plus what the history has beyond it, or a new one. It
// includes every change that was acknowledged before Read was called, whether or not its event has arrived.
func (cc *ContextCache) Read(ctx context.Context, user uuid.UUID, call Call) (*Context, error) {
	stored, etag, err := cc.load(ctx, user)
	if err != nil {
		slog.WarnContext(ctx, "no stored context; reading the history", "error", err)
	}
	c, changed := stored, false
	if c != nil {
		if changed, err = c.catchUp(ctx, call); err != nil {
			return nil, err
		}
	}
	if c == nil || c.Open == nil {
		if c, err = rebuild(ctx, call); err != nil {
			return nil, err
		}
		changed = true
	}
	if changed {
		if err := cc.save(ctx, user, c, etag); err != nil && !fault.Is(err, fault.Conflict) {
			slog.WarnContext(ctx, "cannot store context", "error", err)
		}
		cc.absent.Remove(user) // after it is stored, so that Apply's second check sees one or the other
	}
	return c, nil
}

// catchUp adds what the history has beyond the context, and reports whether there was anything.
func (c *Context) catchUp(ctx context.Context, call Call) (bool, error) {
	events, more, err := history(ctx, call, c.Seq, 2*rebuildEvents)
	if err != nil {
		return false, err
	}
	for _, e := range events {
		if !c.Apply(e) {
			more = true // entries of the log are missing
			break
		}
	}
	if more {
		c.Open = nil // too far behind: rebuilding is cheaper
	}
	return len(events) > 0, nil
}

// rebuild creates a context from the counts, which have the sequence of their last change, and from the changes before
// and after that one.
func rebuild(ctx context.Context, call Call) (*Context, error) {
	built := clock.Now()
	var counts task.Counts
	if err := call(ctx, rest.Request{Method: http.MethodGet, Path: "/api/todos/counts"}, &counts); err != nil {
		return nil, err
	}
	from := max(0, counts.Seq-rebuildEvents)
	c := &Context{Seq: from, From: from}
	var later []task.Event
	for more := true; more && c.Seq < counts.Seq; { // a page ends early when its events are long
		events, hasMore, err := history(ctx, call, c.Seq, 2*rebuildEvents)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Seq <= counts.Seq {
				c.resume(e)
			} else {
				later = append(later, e)
			}
		}
		more = hasMore && len(events) > 0 && len(later) == 0
	}
	if c.Seq < counts.Seq { // the last entries are missing
		*c = Context{Seq: counts.Seq, From: counts.Seq}
	}
	c.Open, c.Built = &Open{counts.Open, counts.ByPriority}, built
	for _, e := range later {
		c.resume(e)
	}
	return c, nil
}

// resume adds an event of the log, and starts over with it if entries before it are missing: a gap in the log must not
// leave a context that stops there.
func (c *Context) resume(e task.Event) {
	if e.Seq > c.Seq+1 {
		*c = Context{Seq: e.Seq - 1, From: e.Seq - 1, Built: c.Built}
	}
	c.Apply(e)
}

// rebuildEvents is how many events of the log a new context is built from: MaxChanges, and as many notifications.
const rebuildEvents = 2 * MaxChanges

func history(ctx context.Context, call Call, after int64, limit int) (events []task.Event, more bool, err error) {
	var page struct {
		Items      []task.Event `json:"items"`
		NextCursor *string      `json:"next_cursor"`
	}
	q := url.Values{"after": {strconv.FormatInt(after, 10)}, "limit": {strconv.Itoa(limit)}}
	err = call(ctx, rest.Request{Method: http.MethodGet, Path: "/api/history", Query: q}, &page)
	return page.Items, page.NextCursor != nil, err
}
