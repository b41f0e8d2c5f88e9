package function

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

type notificationsArguments struct {
	Unread *bool `json:"unread,omitempty" jsonschema:"Only those that the user has not read"`
	page
}

type notification struct {
	ID        uuid.UUID  `json:"id"`
	Kind      string     `json:"kind" jsonschema:"upcoming, overdue, digest for several tasks, or another reason"`
	TaskID    *uuid.UUID `json:"task_id" jsonschema:"Null for a digest"`
	TaskIDs   []string   `json:"task_ids,omitempty" jsonschema:"The tasks of a digest that are still due"`
	Title     string     `json:"title"`
	Body      string     `json:"body"`
	CreatedAt time.Time  `json:"created_at"`
	ReadAt    *time.Time `json:"read_at"`
}

type notificationsResult struct {
	Notifications []notification `json:"notifications"`
	NextCursor    *string        `json:"next_cursor" jsonschema:"Send it as cursor for the next page; null on the last page"`
}

func (f *Function) listNotificationsTool(s *mcp.Server) {
	tool[notificationsArguments, notificationsResult]{
		name: "list_notifications", title: "List notifications",
		description: "Lists the user's notifications, such as reminders of tasks that are due soon or overdue, newest first, page by page.",
		hints:       reads,
		refine: func(p properties) {
			p.at("unread").Types, p.at("unread").Type = nil, "boolean"
			p.byDefault("unread", true)
			p.page(pageMax, pageDefault)
		},
		call: f.listNotifications,
	}.add(s)
}

func (f *Function) listNotifications(ctx context.Context, in notificationsArguments) (notificationsResult, string, error) {
	z, err := f.zone(ctx)
	if err != nil {
		return notificationsResult{}, "", err
	}
	q := url.Values{}
	if in.Unread == nil || *in.Unread {
		q.Set("unread", "true")
	}
	notifications, next, err := fetch[notification](ctx, f.notifications, "/api/notifications", q, in.page)
	if err != nil {
		return notificationsResult{}, "", err
	}
	out := notificationsResult{Notifications: notifications, NextCursor: next}
	lines := []string{counted(len(out.Notifications), "notification(s)") + ":"}
	for _, n := range out.Notifications {
		lines = append(lines, fmt.Sprintf("%s: %s (%s)", z.format(n.CreatedAt), n.Title, n.Kind))
	}
	return out, strings.Join(lines, "\n"), nil
}
