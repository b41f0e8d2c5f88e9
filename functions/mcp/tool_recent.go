package function

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"taskwire.dev/functions/mcp/internal/recent"
)

type recentArguments struct {
	Limit    int   `json:"limit,omitempty" jsonschema:"The maximum number of changes to return"`
	AfterSeq int64 `json:"after_seq,omitempty" jsonschema:"Only changes with a greater sequence, such as after the seq of an earlier answer"`
}

type recentResult struct {
	Seq      int64           `json:"seq" jsonschema:"The sequence of the latest event in the user's log, which has changes of tasks and of notifications; 0 if it is empty"`
	Open     recent.Open     `json:"open" jsonschema:"How many tasks are open"`
	Changes  []recent.Change `json:"changes" jsonschema:"Newest first"`
	Complete bool            `json:"complete" jsonschema:"Whether these are all changes after after_seq"`
	Timezone string          `json:"timezone" jsonschema:"The user's time zone"`
}

func (f *Function) recentChangesTool(s *mcp.Server) {
	tool[recentArguments, recentResult]{
		name: "recent_changes", title: "Recent changes",
		description: "Returns the latest changes of the user's tasks, who made them, and how many tasks are open. Pass the event_id of a change to undo.",
		hints:       reads,
		refine: func(p properties) {
			p.at("limit").Minimum, p.at("limit").Maximum = ptr(1.0), ptr(float64(recent.MaxChanges))
			p.byDefault("limit", 20)
			p.at("after_seq").Minimum = ptr(0.0)
		},
		call: f.recentChanges,
	}.add(s)
}

func (f *Function) recentChanges(ctx context.Context, in recentArguments) (recentResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return recentResult{}, "", err
	}
	c, err := f.recent.Read(ctx, from(ctx).user.UserID, f.call)
	if err != nil {
		return recentResult{}, "", err
	}
	limited := false
	out := recentResult{Seq: c.Seq, Open: *c.Open, Changes: []recent.Change{}, Timezone: z.location.String()}
	for _, change := range slices.Backward(c.Changes) {
		if change.Seq <= in.AfterSeq {
			break
		}
		if limited = len(out.Changes) == in.Limit; limited {
			break
		}
		out.Changes = append(out.Changes, change)
	}
	out.Complete = !limited && in.AfterSeq >= c.From
	return out, z.changes(out), nil
}

func (z zone) changes(r recentResult) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s. The last changes:", counted(int(r.Open.Total), "open task(s)"))
	for _, c := range r.Changes {
		verb := c.Change
		if c.Purged() {
			verb = "deleted for good, which cannot be undone,"
		}
		fmt.Fprintf(&b, "\n%s: %s %s %q", z.format(c.At), who(c.Actor), verb, c.Title)
		if c.Change == "updated" {
			names := make([]string, 0, len(c.Fields))
			for name := range c.Fields {
				names = append(names, name)
			}
			slices.Sort(names)
			fmt.Fprintf(&b, " (%s)", strings.Join(names, ", "))
		}
		fmt.Fprintf(&b, " event_id %s", c.EventID)
	}
	if !r.Complete {
		b.WriteString("\nThere were more before these.")
	}
	return b.String()
}

// who describes an actor in a word.
func who(actor string) string {
	kind, name, _ := strings.Cut(actor, ":")
	switch kind {
	case "user":
		return "the user"
	case "token":
		return "a script of the user's"
	case "assistant":
		name, _, _ = strings.Cut(name, "/")
		return "assistant " + name
	default:
		return name
	}
}
