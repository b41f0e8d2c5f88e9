package notification

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
)

// MaxListed is how many reminders of a digest are listed. All are counted.
const MaxListed = 200

// Item is one reminder of a digest.
type Item struct {
	TaskID     uuid.UUID  `json:"task_id"`
	Kind       string     `json:"kind"`
	Title      string     `json:"title"`
	Body       string     `json:"body"`
	Content    *Content   `json:"content,omitempty"`
	ResolvedAt *time.Time `json:"resolved_at"`
}

// List sets the list of a digest: the tasks that are still due, and all reminders.
func (n *Notification) List(items []Item) {
	n.TaskIDs, n.Reminders = []uuid.UUID{}, items[:min(len(items), MaxListed)]
	for _, id := range unresolved(items) {
		if len(n.TaskIDs) < MaxListed {
			n.TaskIDs = append(n.TaskIDs, id.TaskID)
		}
	}
}

// Summarize sets the title, the body and the content of a digest: how many tasks are due or overdue, and the titles of the first.
// Without one that is still due they stay as they were.
func (n *Notification) Summarize(items []Item) {
	left := unresolved(items)
	if len(left) == 0 {
		return
	}
	late := 0
	dated := true
	var titles []string
	for i, item := range left {
		if item.Kind == reminder.Overdue {
			late++
		}
		dated = dated && item.Body != Undated
		if i < reminder.Few {
			titles = append(titles, shorten(item.Title))
		}
	}
	soon, more := len(left)-late, len(left)-len(titles)
	first := strings.Join(titles, ", ")
	n.Content = Say(TextDigest, "overdue", strconv.Itoa(late), "upcoming", strconv.Itoa(soon), "titles", first, "more", strconv.Itoa(more))
	switch {
	case !dated:
		n.Title = counted(len(left), "reminder", "reminders")
		n.Content = Say(TextUndatedDigest, "count", strconv.Itoa(len(left)), "titles", first, "more", strconv.Itoa(more))
	case soon == 0:
		n.Title = counted(late, "task is overdue", "tasks are overdue")
	case late == 0:
		n.Title = counted(soon, "task is due soon", "tasks are due soon")
	default:
		n.Title = counted(late, "task is overdue", "tasks are overdue") + ", " + counted(soon, "is due soon", "are due soon")
	}
	n.Body = first
	if more > 0 {
		n.Body += fmt.Sprintf(" and %d more", more)
	}
}

// unresolved returns one item for each task that has an unresolved one, an overdue one if there is one.
func unresolved(items []Item) (left []Item) {
	at := map[uuid.UUID]int{}
	for _, item := range items {
		switch i, again := at[item.TaskID]; {
		case item.ResolvedAt != nil:
		case !again:
			at[item.TaskID] = len(left)
			left = append(left, item)
		case item.Kind == reminder.Overdue:
			left[i] = item
		}
	}
	return left
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shorten cuts a title so that the body stays a line or two.
func shorten(title string) string {
	const most = 60
	if r := []rune(title); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return title
}
