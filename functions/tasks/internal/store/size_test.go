package store

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/migrations/pgtest/sized"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
	"taskwire.dev/shared/wallclock"
)

// atSize is the store on a database at size.
type atSize struct {
	sized.Database
	t     *testing.T
	tasks *Tasks
}

func newAtSize(t *testing.T, db sized.Database, open sized.OpenPool) atSize {
	pool := open("taskwire_app")
	return atSize{db, t, New(pool, userlog.New(pool, func(uuid.UUID) {}))}
}

func (a atSize) heavy() token.Principal { return token.Principal{UserID: sized.Heavy} }

func (a atSize) light() token.Principal { return token.Principal{UserID: a.Light(7)} }

// What one list may read: two walks of 5,000 tasks, of a due sort six, the 2,000 tasks that are in no index and their entries in
// another, and what the exact statement finds, which is more for a longer list; and the pages of those rows and of their indexes.
func (a atSize) listRows() int  { return 40_000 + a.Tasks/10 }
func (a atSize) listPages() int { return 20_000 + a.Tasks/10 }

var sorts = []string{"due_at", "created_at", "updated_at", "priority", "title", "position"}

// TestSize_Lists: no list or search reads more than a few thousand rows, on the first page and on a deep one.
func TestSize_Lists(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Lists", func(open sized.OpenPool) (cases []sized.Case) {
		a := newAtSize(t, db, open)
		for _, sort := range sorts {
			for _, way := range []string{"", "-"} {
				for _, status := range []string{"open", "completed", "all"} {
					cases = append(cases, a.list("status "+status, "sort="+way+sort+"&status="+status)...)
				}
			}
		}
		return cases
	})
}

func TestSize_Filters(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Filters", func(open sized.OpenPool) (cases []sized.Case) {
		a := newAtSize(t, db, open)
		middle := a.task(db.Tasks / 2).CreatedAt
		day := middle.Format(time.DateOnly)
		for kind, filters := range map[string][]string{
			"project":            {"project=project+77", "project=PROJECT+7&status=open"},
			"tag":                {"tag=T77", "tag=dentist&status=open", "tag=dentist&tag=t77"},
			"priority":           {"priority=low", "priority=high", "priority=urgent", "priority=low&status=open"},
			"due range":          {"due_after=2099-01-01T00:00:00Z", "due_before=" + a.task(100).CreatedAt.Format(time.RFC3339), "due_from=" + day + "&due_to=" + middle.AddDate(0, 0, 7).Format(time.DateOnly)},
			"due_on":             {"due_on=" + day, "due_on=" + day + "&status=open"},
			"parent":             {"parent_id=" + sized.ID("0197", 0).String(), "parent_id=" + sized.ID("0197", 4).String(), "parent_id=" + uuid.NewString()},
			"several at a time":  {"priority=low&due_from=" + day + "&due_to=" + middle.AddDate(0, 0, 30).Format(time.DateOnly), "project=project+77&q=invoice&status=open"},
			"few in a long list": {"status=open&priority=medium&tag=garden"},
		} {
			for _, filter := range filters {
				for _, sort := range sorts {
					cases = append(cases, append(a.list(kind, filter+"&sort="+sort), a.list(kind, filter+"&sort=-"+sort)...)...)
				}
			}
		}
		return cases
	})
}

func TestSize_Searches(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Searches", func(open sized.OpenPool) (cases []sized.Case) {
		a := newAtSize(t, db, open)
		for kind, words := range map[string][]string{
			"rare word":                    {"xylophone"},
			"part of a rare word":          {"ylopho"},
			"common word":                  {"dentist", "the"},
			"two common, together rare":    {"alpha omega"},
			"common and rare":              {"invoice xylophone"},
			"Chinese, Japanese":            {"会議", "議"},
			"nothing":                      {"zzz", "%"},
			"one letter":                   {"j", "a"},
			"digits":                       {"12345"},
			"a common word of open tasks":  {"river&status=open"},
			"a long text":                  {"call the dentist about the invoice of the school meeting in the garden"},
			"a common word with a project": {"the&project=project 77"},
		} {
			for _, word := range words {
				for _, sort := range sorts {
					for _, way := range []string{"", "-"} {
						values, _ := url.ParseQuery("q=" + url.PathEscape(word) + "&sort=" + way + sort)
						if word == "river&status=open" || word == "the&project=project 77" {
							values, _ = url.ParseQuery("q=" + word + "&sort=" + way + sort)
						}
						for _, c := range a.list(kind, values.Encode()) {
							// It reads the entries of a word in the index before it knows that they are too many.
							c.Target, c.Rows = 100*time.Millisecond, c.Rows+db.Tasks
							cases = append(cases, c)
						}
					}
				}
			}
		}
		return cases
	})
}

// list returns the cases of a list: its first page, and those after tasks from the middle and the end.
func (a atSize) list(kind, query string) (cases []sized.Case) {
	a.t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		a.t.Fatal(err)
	}
	q, err := list.Parse(values)
	if err != nil {
		a.t.Fatalf("%s: %v", query, err)
	}
	q.Zone = wallclock.Zone("America/New_York")
	add := func(where, detail string, after *list.SortKey) {
		q := q
		q.After = after
		cases = append(cases, sized.Case{
			Group: kind + ", " + where, Name: query + detail, Rows: a.listRows(), Pages: a.listPages(), Calls: 3, Planned: true,
			Call: func(ctx context.Context) error {
				_, err := a.tasks.List(ctx, a.heavy(), q)
				return err
			},
		})
	}
	add("first page", "", nil)
	for _, n := range []int{a.Tasks / 2, a.Tasks/2 + 1, a.Tasks/2 + 2, a.Tasks - 10} {
		if n == a.Tasks/2+1 && q.Sort != "due_at" {
			continue // the three in the middle differ only in how they are due
		}
		if n == a.Tasks/2+2 && q.Sort != "due_at" {
			continue
		}
		add("deep", fmt.Sprintf(", after task %d", n), q.Key(a.task(n)))
	}
	return cases
}

func (a atSize) task(n int) *task.Task {
	a.t.Helper()
	found, err := a.tasks.Get(a.t.Context(), a.heavy(), sized.ID("0197", n))
	if err != nil {
		a.t.Fatal(err)
	}
	return found
}

// TestSize_Reads is about everything else that the function reads, also for a user with few tasks.
func TestSize_Reads(t *testing.T) {
	db := sized.Open(t)
	sized.Run(t, db, "Reads", func(open sized.OpenPool) (cases []sized.Case) {
		a := newAtSize(t, db, open)
		for name, who := range map[string]token.Principal{"": a.heavy(), " of a user with 100": a.light()} {
			id, events := sized.ID("0197", 5), int64(2*db.Tasks)
			if who.UserID != sized.Heavy {
				id, events = sized.ID("0198", 7), 150
			}
			counted := 2000 + db.Tasks/10
			add := func(what string, rows, pages int, call func(context.Context) error) {
				cases = append(cases, sized.Case{Name: what + name, Rows: rows, Pages: pages, Call: call})
			}
			add("a task", 1, 10, func(ctx context.Context) error {
				_, err := a.tasks.Get(ctx, who, id)
				return err
			})
			add("counts", counted+3000, 10_000, func(ctx context.Context) error {
				_, err := a.tasks.Counts(ctx, who)
				return err
			})
			for from, span := range map[string]Span{
				"history":                         {Before: math.MaxInt64, Limit: 50},
				"history from the middle":         {After: events / 2, Before: math.MaxInt64, Limit: 50},
				"history, newest first":           {Before: math.MaxInt64, NewestFirst: true, Limit: 50},
				"history, newest first, deep":     {Before: events / 3, NewestFirst: true, Limit: 50},
				"history, the largest page":       {After: events / 4, Before: math.MaxInt64, Limit: 200},
				"history after its end":           {After: events, Before: math.MaxInt64, Limit: 50},
				"history, newest first, the rest": {Before: 60, NewestFirst: true, Limit: 50},
			} {
				add(from, 201, 400, func(ctx context.Context) error {
					_, _, err := a.tasks.History(ctx, who, span)
					return err
				})
				add(from+" of a task", 201, 400, func(ctx context.Context) error {
					_, _, err := a.tasks.TaskHistory(ctx, who, id, span)
					return err
				})
			}
			add("a change, to undo it", 10, 40, func(ctx context.Context) error {
				_, err := a.tasks.Change(ctx, who, a.event(who), true)
				return err
			})
			add("a page of tasks", 4100, 300, func(ctx context.Context) error {
				_, err := a.tasks.List(ctx, who, list.Query{Sort: "position", Limit: 50, Zone: time.UTC})
				return err
			})
		}
		return cases
	})
}

// event returns the id of an event in the middle of a user's log.
func (a atSize) event(who token.Principal) uuid.UUID {
	if who.UserID != sized.Heavy {
		return sized.ID("0199", 4*7+1)
	}
	return sized.ID("0199", 4*(a.Tasks/2)+2+1)
}
