package function

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/task"
)

// call calls the tasks function as the user.
func (f *Function) call(ctx context.Context, r rest.Request, out any) error {
	r.Token = from(ctx).token
	return f.tasks.Do(ctx, r, out)
}

func taskPath(id uuid.UUID) string { return "/api/todos/" + id.String() }

// maxKey is the longest idempotency key of a call, in bytes.
const maxKey = 200

// change has the arguments that all changing tools take.
type change struct {
	IdempotencyKey string `json:"idempotency_key,omitempty" jsonschema:"Any random text. Calls with the same key and the same arguments are executed once within a day"`
	DryRun         bool   `json:"dry_run,omitempty" jsonschema:"Return what would happen, under the same rules, and change nothing"`
}

func (c change) key() string { return c.IdempotencyKey }

// executesOnce reports whether the call changes something, and only once when it is repeated.
func (c change) executesOnce() bool { return c.IdempotencyKey != "" && !c.DryRun }

// request adds to a call what makes it safe to repeat, or a dry run.
func (c change) request(r rest.Request) rest.Request {
	r.DryRun = c.DryRun
	if c.IdempotencyKey != "" {
		r.Key = "mcp:" + c.IdempotencyKey // distinct from the keys of the user's other clients
	}
	return r
}

// scopeQuery is the query that says which occurrences a change is about.
func scopeQuery(s task.Scope) url.Values {
	if s == "" {
		return nil
	}
	return url.Values{"scope": {string(s)}}
}

// done is the beginning of a text about a change.
func (c change) done(did, would string) string {
	if c.DryRun {
		return "Dry run, nothing was changed. This would " + would + ": "
	}
	return did + ": "
}

// reminders returns reminders as the tasks function takes them: durations, and moments as objects.
func reminders(given []string) []task.Reminder {
	out := make([]task.Reminder, len(given))
	for i, s := range given {
		out[i] = task.Reminder(s)
	}
	return out
}

// format formats a time for the user.
func (z zone) format(t time.Time) string { return t.In(z.location).Format("Mon 2 Jan 2006 15:04 MST") }

// formatDay formats a day for the user.
func formatDay(d task.Date) string { return d.Midnight().Format("Mon 2 Jan 2006") }

// line describes a task in one line.
func (z zone) line(t task.Task) string {
	var b strings.Builder
	mark := "[ ]"
	if t.Completed {
		mark = "[x]"
	}
	fmt.Fprintf(&b, "%s %s", mark, t.Title)
	var facts []string
	switch {
	case t.DueAt != nil:
		facts = append(facts, "due "+z.format(*t.DueAt))
	case t.DueDate != nil:
		facts = append(facts, "due "+formatDay(*t.DueDate))
	}
	if t.Priority > 0 {
		facts = append(facts, t.Priority.String()+" priority")
	}
	if t.Project != nil {
		place := "in " + *t.Project
		if t.Section != nil {
			place += " / " + *t.Section
		}
		facts = append(facts, place)
	}
	for _, tag := range t.Tags {
		facts = append(facts, "#"+tag)
	}
	if t.Recurrence != nil {
		facts = append(facts, "repeats "+t.Recurrence.RRule)
	}
	if len(facts) > 0 {
		b.WriteString(" (" + strings.Join(facts, ", ") + ")")
	}
	return b.String() + " id " + t.ID.String()
}

// taskResult is the result of a tool for one task.
type taskResult struct {
	Task     task.Task `json:"task"`
	Timezone string    `json:"timezone" jsonschema:"The user's time zone, used to interpret dates"`
	DryRun   bool      `json:"dry_run" jsonschema:"Nothing was changed: this is what the task would be"`
}
