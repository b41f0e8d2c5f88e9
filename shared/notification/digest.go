package notification

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/reminder"
)

// MaxListed is how many tasks and reminders of a digest are listed. All are counted.
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

// Due says which tasks of a digest are still due. A digest may have any number of tasks, so no more than MaxListed are here.
type Due struct {
	First []Item // the reminder that speaks for each of the first MaxListed tasks: an overdue one if there is one
	// How many of all tasks such a reminder says are overdue, due soon, or have no date. Those without a date are due soon too.
	Overdue, Upcoming, Undated int
}

// DueOf returns the tasks of reminders that are still due.
func DueOf(items []Item) Due {
	left := unresolved(items)
	d := Due{First: left[:min(len(left), MaxListed)]}
	for _, item := range left {
		if item.Kind == reminder.Overdue {
			d.Overdue++
		} else {
			d.Upcoming++
		}
		if item.Body == Undated {
			d.Undated++
		}
	}
	return d
}

// Plus returns d and then more, which has other tasks.
func (d Due) Plus(more Due) Due {
	first := append(slices.Clone(d.First), more.First...)
	return Due{
		First:   first[:min(len(first), MaxListed)],
		Overdue: d.Overdue + more.Overdue, Upcoming: d.Upcoming + more.Upcoming, Undated: d.Undated + more.Undated,
	}
}

// Count returns how many tasks are still due.
func (d Due) Count() int { return d.Overdue + d.Upcoming }

// List sets the list of a digest: the tasks that are still due, and its first reminders.
func (n *Notification) List(due Due, reminders []Item) {
	n.TaskIDs, n.Reminders = []uuid.UUID{}, reminders[:min(len(reminders), MaxListed)]
	for _, item := range due.First {
		n.TaskIDs = append(n.TaskIDs, item.TaskID)
	}
}

// Summarize sets the title, the body and the content of a digest: how many tasks are due or overdue, and the titles of the first.
// Without one that is still due they stay as they were.
func (n *Notification) Summarize(due Due) {
	total := due.Count()
	if total == 0 {
		return
	}
	var titles []string
	for _, item := range due.First[:min(len(due.First), reminder.Few)] {
		titles = append(titles, shorten(item.Title))
	}
	late, soon, more := due.Overdue, due.Upcoming, total-len(titles)
	first := strings.Join(titles, ", ")
	n.Content = Say(TextDigest, "overdue", strconv.Itoa(late), "upcoming", strconv.Itoa(soon), "titles", first, "more", strconv.Itoa(more))
	switch {
	case due.Undated > 0:
		n.Title = counted(total, "reminder", "reminders")
		n.Content = Say(TextUndatedDigest, "count", strconv.Itoa(total), "titles", first, "more", strconv.Itoa(more))
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

// Size returns about how many bytes the item takes.
func (i Item) Size() int { return size(i.Title, i.Body, i.Content) }

func size(title, body string, c *Content) int {
	const other = 200 // ids, times and names
	n := other + len(title) + len(body)
	if c != nil {
		for _, arg := range c.Args {
			n += len(arg)
		}
	}
	return n
}
