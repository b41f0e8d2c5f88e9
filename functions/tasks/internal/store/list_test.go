package store

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
	"taskwire.dev/shared/wallclock"
)

// TestEverySortListsEveryTaskOnce walks random lists page by page and compares them with sorting in Go.
func TestEverySortListsEveryTaskOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	zone := wallclock.Zone("America/New_York")
	var all []*task.Task
	for i := range 60 {
		d := userlogtest.Draft(strings.Repeat(string(rune('a'+i%7)), 1+i%3))
		if i%2 > 0 {
			d.Title = strings.ToUpper(d.Title)
		}
		d.Priority = task.Priority(i % 5)
		switch due := time.Date(2026, 10, 30+i%4, 4, 0, 0, 0, time.UTC); i % 3 { // on 1 November the clocks go back
		case 1:
			d.DueAt = &due
		case 2:
			day := task.DateOf(due)
			d.DueDate = &day
		}
		all = append(all, b.Do(t, who, task.Create{Draft: d}).Task)
	}
	b.indexSome(t)
	number := map[string]func(*task.Task) int64{
		"due_at":     func(t *task.Task) int64 { return micros(dueAt(t, zone)) },
		"created_at": func(t *task.Task) int64 { return t.CreatedAt.UnixMicro() },
		"updated_at": func(t *task.Task) int64 { return t.UpdatedAt.UnixMicro() },
		"priority":   func(t *task.Task) int64 { return int64(t.Priority) },
		"title":      func(*task.Task) int64 { return 0 },
		"position":   func(*task.Task) int64 { return 0 },
	}
	text := map[string]func(*task.Task) string{
		"title":    func(t *task.Task) string { return strings.ToLower(t.Title) },
		"position": func(t *task.Task) string { return t.Position },
	}
	rapid.Check(t, func(rt *rapid.T) {
		sort := rapid.SampledFrom([]string{"due_at", "created_at", "updated_at", "priority", "title", "position"}).Draw(rt, "sort")
		descending := rapid.Bool().Draw(rt, "descending")
		values := url.Values{"sort": {sort}, "limit": {strconv.Itoa(rapid.IntRange(1, 50).Draw(rt, "limit"))}}
		if descending {
			values.Set("sort", "-"+sort)
		}
		want := slices.Clone(all)
		slices.SortFunc(want, func(x, y *task.Task) int {
			if sort == "due_at" && (dueAt(x, zone) == nil) != (dueAt(y, zone) == nil) { // last, in both directions
				return cmp.Compare(b2i(dueAt(x, zone) == nil), b2i(dueAt(y, zone) == nil))
			}
			c := cmp.Compare(number[sort](x), number[sort](y))
			if f := text[sort]; f != nil {
				c = cmp.Compare(f(x), f(y))
			}
			if c == 0 {
				c = slices.Compare(x.ID[:], y.ID[:])
			}
			if descending {
				c = -c
			}
			return c
		})
		var got []*task.Task
		for pages := 0; ; pages++ {
			q, err := list.Parse(values)
			if err != nil || pages > len(all) {
				rt.Fatal(err)
			}
			q.Zone = zone
			page, err := b.tasks.List(t.Context(), who, q)
			if err != nil {
				rt.Fatal(err)
			}
			if got = append(got, page.Tasks...); page.Next == nil {
				break
			}
			values.Set("cursor", q.Cursor(*page.Next))
		}
		if !slices.EqualFunc(got, want, func(x, y *task.Task) bool { return x.ID == y.ID }) {
			rt.Fatalf("sort %s: %s, want %s", values.Get("sort"), titles(got), titles(want))
		}
	})
}

// dueAt returns when a task counts as due: a day when it begins.
func dueAt(t *task.Task, zone *time.Location) *time.Time {
	if t.DueDate == nil {
		return t.DueAt
	}
	start := t.DueDate.Start(zone)
	return &start
}

func micros(at *time.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMicro()
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

func titles(tasks []*task.Task) string {
	var out []string
	for _, t := range tasks {
		out = append(out, t.Title)
	}
	return strings.Join(out, ",")
}

// In every zone, tasks of both kinds are selected by when they count as due, whichever way a range is written, and
// consecutive ranges have each task once.
func TestDueFiltersHoldBothKinds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	var all []*task.Task
	for hours := -60; hours < 60; hours += 5 {
		d := userlogtest.Draft("x")
		at := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
		day := task.DateOf(at)
		if hours%2 == 0 {
			d.DueAt = &at
		} else {
			d.DueDate = &day
		}
		all = append(all, b.Do(t, who, task.Create{Draft: d}).Task)
	}
	b.Do(t, who, task.Create{Draft: userlogtest.Draft("without")})
	for _, name := range []string{"UTC", "America/New_York", "America/Havana", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		zone := wallclock.Zone(name)
		day := func(n int) task.Date { return task.DateOf(time.Date(2026, 11, n, 0, 0, 0, 0, time.UTC)) }
		noon := day(1).Start(zone).Add(12 * time.Hour)
		for query, in := range map[string]func(x time.Time) bool{
			"due_on=2026-11-01":                                          func(x time.Time) bool { return !x.Before(day(1).Start(zone)) && x.Before(day(2).Start(zone)) },
			"due_from=2026-10-31&due_to=2026-11-02":                      func(x time.Time) bool { return !x.Before(day(0).Start(zone)) && x.Before(day(2).Start(zone)) },
			"due_to=2026-11-01":                                          func(x time.Time) bool { return x.Before(day(1).Start(zone)) },
			"due_from=2026-11-01":                                        func(x time.Time) bool { return !x.Before(day(1).Start(zone)) },
			"due_before=" + noon.UTC().Format(time.RFC3339):              func(x time.Time) bool { return x.Before(noon) },
			"due_from=" + noon.UTC().Format(time.RFC3339):                func(x time.Time) bool { return !x.Before(noon) },
			"due_after=" + day(1).Start(zone).UTC().Format(time.RFC3339): func(x time.Time) bool { return x.After(day(1).Start(zone)) },
			"due_on=2026-11-01&due_from=2026-11-02":                      func(time.Time) bool { return false },
		} {
			values, err := url.ParseQuery(query + "&limit=200&sort=created_at")
			if err != nil {
				t.Fatal(err)
			}
			q, err := list.Parse(values)
			if err != nil {
				t.Fatal(err)
			}
			q.Zone = zone
			page, err := b.tasks.List(t.Context(), who, q)
			if err != nil {
				t.Fatal(err)
			}
			want := slices.DeleteFunc(slices.Clone(all), func(t *task.Task) bool { return !in(*dueAt(t, zone)) })
			if !slices.EqualFunc(page.Tasks, want, func(x, y *task.Task) bool { return x.ID == y.ID }) {
				t.Errorf("%s, %s: %d tasks, want %d", name, query, len(page.Tasks), len(want))
			}
		}
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	zone := time.UTC
	b := setup(t)
	who := userlogtest.Principal()
	home, due := "Home", time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	plants := userlogtest.Draft("Water the plants")
	plants.Description, plants.Project, plants.Tags, plants.DueAt, plants.Priority = "Über den Balkon, E-Mail an Zoë", &home, []string{"garden", "weekly"}, &due, 3
	parent := b.Do(t, who, task.Create{Draft: plants}).TaskID
	milk := userlogtest.Draft("Buy milk")
	milk.ParentID, milk.Completed = &parent, true
	b.Do(t, who, task.Create{Draft: milk})
	b.Do(t, who, task.Delete{ID: b.Do(t, who, task.Create{Draft: userlogtest.Draft("Water gone")}).TaskID})
	for query, want := range map[string]string{
		"":                                      "Water the plants,Buy milk",
		"status=open":                           "Water the plants",
		"status=completed":                      "Buy milk",
		"status=all":                            "Water the plants,Buy milk",
		"priority=high":                         "Water the plants",
		"priority=none":                         "Buy milk",
		"project=Home":                          "Water the plants",
		"project=home":                          "Water the plants",
		"project=Hom":                           "",
		"tag=GARDEN":                            "Water the plants",
		"tag=garden":                            "Water the plants",
		"tag=garden&tag=weekly":                 "Water the plants",
		"tag=garden&tag=daily":                  "",
		"parent_id=" + parent.String():          "Buy milk",
		"parent_id=" + uuid.NewString():         "",
		"due_before=2026-12-01T08:00:00Z":       "",
		"due_before=2026-12-01T08:00:01Z":       "Water the plants",
		"due_after=2026-12-01T07:59:59Z":        "Water the plants",
		"due_after=2026-12-01T08:00:00Z":        "",
		"q=plants":                              "Water the plants",
		"q=PLAN":                                "Water the plants",
		"q=lants":                               "Water the plants",
		"q=water%20balkon":                      "Water the plants",
		"q=%C3%BCber":                           "Water the plants",
		"q=zo%C3%AB":                            "Water the plants",
		"q=milk%20plants":                       "",
		"q=" + url.QueryEscape(`!&|:*()'"\<->`): "",
		"q=%20":                                 "Water the plants,Buy milk",
		"q=" + url.QueryEscape(`plants' & | !x:*`): "",
		"status=open&q=milk":                       "",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		q, err := list.Parse(values)
		if err != nil {
			t.Errorf("%s: %v", query, err)
			continue
		}
		q.Zone = zone
		page, err := b.tasks.List(t.Context(), who, q)
		if got := titles(page.Tasks); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", query, got, err, want)
		}
	}
	if q, _ := list.Parse(nil); len(listed(t, b, userlogtest.Principal(), q)) != 0 {
		t.Error("another user's list is not empty")
	}
}

func listed(t *testing.T, b bundle, who token.Principal, q list.Query) []*task.Task {
	t.Helper()
	page, err := b.tasks.List(t.Context(), who, q)
	if err != nil {
		t.Fatal(err)
	}
	return page.Tasks
}
