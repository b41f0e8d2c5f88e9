package e2e

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// TestList_Property compares random queries over random tasks, with many ties, with a model in memory. Tasks are added
// while pages are read: every task that exists throughout must appear once, in its place.
func TestList_Property(t *testing.T) {
	t.Parallel()
	for i := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed+i), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed+i, 1))
			u := newUser(t)
			var model []client.Task
			add := func(n int) {
				operations := make([]client.Operation, n)
				for i := range operations {
					operations[i] = client.Operation{Op: "create", Task: randomTask(random, model)}
				}
				for _, r := range check.Must(u.Batch(t.Context(), operations...))(t) {
					model = append(model, *r.Task)
				}
			}
			add(30)
			add(30)
			for range 60 {
				query := randomQuery(random, model)
				want := ask(model, query)
				before := len(model)
				got := check.Must(u.AllTasks(t.Context(), query, func() {
					if len(model) < 120 && random.IntN(4) == 0 {
						add(1 + random.IntN(3))
					}
				}))(t)
				added := map[string]bool{}
				for _, task := range model[before:] {
					added[task.ID] = true
				}
				got = slices.DeleteFunc(got, func(x client.Task) bool { return added[x.ID] })
				if !slices.Equal(ids(got), ids(want)) {
					t.Fatalf("%s\n got %v\nwant %v", query.Encode(), ids(got), ids(want))
				}
			}
		})
	}
}

// ids lists the tasks and, to make failures readable, their sort keys.
func ids(tasks []client.Task) []string {
	out := make([]string, len(tasks))
	for i, task := range tasks {
		due := "-"
		if task.DueAt != nil {
			due = task.DueAt.Format(time.RFC3339Nano)
		}
		out[i] = fmt.Sprint(task.ID, " ", task.Title, " ", task.Priority, " ", due, " ", task.Position, "\n")
	}
	return out
}

var (
	modelPriorities = []string{"none", "low", "medium", "high", "urgent"}
	modelWords      = []string{"apple", "Apple", "banana", "cherry", "applesauce", "date"}
	modelProjects   = []string{"Home", "Work"}
	modelTags       = []string{"x", "y", "z"}
	modelDays       = []string{"2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", "2026-12-02T00:00:00.000001Z", "1901-01-01T00:00:00Z"}
)

func pick[T any](random *rand.Rand, from []T) T { return from[random.IntN(len(from))] }

func randomTask(random *rand.Rand, model []client.Task) client.Fields {
	task := client.Fields{
		"title": pick(random, modelWords), "description": pick(random, modelWords), "priority": pick(random, modelPriorities),
		"completed": random.IntN(3) == 0,
	}
	if random.IntN(2) == 0 {
		task["project"] = pick(random, modelProjects)
	}
	tags := []string{}
	for _, tag := range modelTags {
		if random.IntN(2) == 0 {
			tags = append(tags, tag)
		}
	}
	task["tags"] = tags
	if random.IntN(3) > 0 {
		task["due_at"] = pick(random, modelDays)
	}
	if random.IntN(3) == 0 {
		task["position"] = pick(random, []string{"a0", "a1", "Zz", "a0V"})
	}
	if len(model) > 0 && random.IntN(4) == 0 {
		task["parent_id"] = model[random.IntN(min(3, len(model)))].ID
	}
	return task
}

func randomQuery(random *rand.Rand, model []client.Task) url.Values {
	q := url.Values{"limit": {strconv.Itoa(1 + random.IntN(20))}}
	maybe := func(name string, values ...string) {
		if random.IntN(4) == 0 {
			q.Set(name, pick(random, values))
		}
	}
	sorts := []string{"due_at", "created_at", "updated_at", "priority", "title", "position"}
	q.Set("sort", pick(random, []string{"", "-"})+pick(random, sorts))
	maybe("status", "open", "completed", "all")
	maybe("priority", modelPriorities...)
	maybe("project", modelProjects...)
	maybe("tag", modelTags...)
	maybe("parent_id", model[0].ID, model[1].ID)
	maybe("q", "app", "banana", "apple che", "none")
	maybe("due_before", modelDays...)
	maybe("due_after", modelDays...)
	return q
}

// ask returns the expected response according to the contract.
func ask(model []client.Task, q url.Values) []client.Task {
	var out []client.Task
	for _, task := range model {
		if matches(task, q) {
			out = append(out, task)
		}
	}
	by, descending := strings.CutPrefix(q.Get("sort"), "-")
	slices.SortFunc(out, func(a, b client.Task) int {
		if by == "due_at" && (a.DueAt == nil) != (b.DueAt == nil) {
			if a.DueAt == nil {
				return 1 // last in either order
			}
			return -1
		}
		order := cmp.Or(compare(by, a, b), cmp.Compare(a.ID, b.ID))
		if descending {
			return -order
		}
		return order
	})
	return out
}

func compare(by string, a, b client.Task) int {
	switch by {
	case "due_at":
		if a.DueAt == nil {
			return 0
		}
		return a.DueAt.Compare(*b.DueAt)
	case "created_at":
		return a.CreatedAt.Compare(b.CreatedAt)
	case "updated_at":
		return a.UpdatedAt.Compare(b.UpdatedAt)
	case "priority":
		return cmp.Compare(slices.Index(modelPriorities, a.Priority), slices.Index(modelPriorities, b.Priority))
	case "title": // for ASCII letters, alphabetical order is that of the lower case
		return cmp.Compare(strings.ToLower(a.Title), strings.ToLower(b.Title))
	default:
		return cmp.Compare(a.Position, b.Position)
	}
}

func matches(task client.Task, q url.Values) bool {
	is := func(name string, value string) bool { return q.Get(name) == "" || q.Get(name) == value }
	deref := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	due := func(name string, sign int) bool {
		if q.Get(name) == "" {
			return true
		}
		at, _ := time.Parse(time.RFC3339, q.Get(name))
		return task.DueAt != nil && task.DueAt.Compare(at) == sign
	}
	text := strings.ToLower(task.Title + "\n" + task.Description)
	for _, word := range strings.Fields(q.Get("q")) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	status := map[bool]string{true: "completed", false: "open"}[task.Completed]
	return (is("status", status) || q.Get("status") == "all") && is("priority", task.Priority) && is("project", deref(task.Project)) &&
		is("parent_id", deref(task.ParentID)) && (q.Get("tag") == "" || slices.Contains(task.Tags, q.Get("tag"))) &&
		due("due_before", -1) && due("due_after", 1)
}
