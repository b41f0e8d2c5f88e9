package store

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/migrations"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
)

// indexSome puts two thirds of all tasks into the indexes of lists, as if their users had a long log.
func (b bundle) indexSome(t testing.TB) {
	t.Helper()
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	if _, err := owner.Exec(t.Context(), `UPDATE task SET indexed = ('x' || right(id::text, 4))::bit(16)::integer % 3 > 0`); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Fold(t.Context(), b.URL("taskwire_owner")); err != nil {
		t.Fatal(err)
	}
}

// TestWhatASearchFinds: the database finds what the shared cases say, with and without the index.
func TestWhatASearchFinds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	raw, err := os.ReadFile("../../../../shared/search/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var examples []struct {
		Name, Text, Query string
		Found             bool
	}
	if err := json.Unmarshal(raw, &examples); err != nil {
		t.Fatal(err)
	}
	who := userlogtest.Principal()
	ids := make([]uuid.UUID, len(examples))
	for i, c := range examples {
		d := userlogtest.Draft(c.Text)
		if i%2 == 1 {
			d.Title, d.Description = "in the description", c.Text
		}
		ids[i] = b.Do(t, who, task.Create{Draft: d}).TaskID
	}
	check := func(by string) {
		for i, c := range examples {
			q, err := list.Parse(url.Values{"q": {c.Query}, "limit": {"200"}})
			if err != nil {
				t.Fatal(err)
			}
			page, _, err := b.tasks.page(t.Context(), who, q, b.tasks.exact, by)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, got := range page.Tasks {
				found = found || got.ID == ids[i]
			}
			if found != c.Found {
				t.Errorf("%s: %q in %q: %t", c.Name, c.Query, c.Text, found)
			}
		}
	}
	check("")
	b.indexSome(t)
	check("")
	check(byKeys)
}

// TestExactListIsTheWalk: the two statements of a page never differ, whatever the filters, the sort and the cursor, nor does
// the page of a walk that is cut off. Pages that end early, because the tasks that match are many and far apart, lose none.
func TestExactListIsTheWalk(t *testing.T) {
	t.Parallel()
	b := setup(t)
	short := *b.tasks
	short.walk = 5
	shorter := short
	shorter.exact, shorter.longWalk = 3, 9
	who := userlogtest.Principal()
	home, work := "Home", "Work"
	var parent *uuid.UUID
	for i := range 60 {
		d := userlogtest.Draft([]string{"water plants", "buy milk", "会議の準備", "❤️ 100%", "Straße"}[i%5])
		d.Priority, d.Completed, d.ParentID = task.Priority(i%5), i%3 == 0, parent
		d.Project = []*string{nil, &home, &work}[i%3]
		d.Tags = [][]string{{}, {"a"}, {"a", "b"}}[i/3%3]
		if i%4 > 0 {
			due := time.Date(2026, 12, 1+i%6, 0, 0, 0, 0, time.UTC)
			d.DueAt = &due
		}
		if made := b.Do(t, who, task.Create{Draft: d}); i%20 == 0 {
			parent = &made.TaskID
		}
	}
	b.indexSome(t)
	rapid.Check(t, func(rt *rapid.T) {
		v := url.Values{"limit": {strconv.Itoa(rapid.IntRange(1, 30).Draw(rt, "limit"))}}
		add := func(name string, values ...string) {
			if s := rapid.SampledFrom(append(values, "")).Draw(rt, name); s != "" {
				v.Set(name, s)
			}
		}
		add("sort", "due_at", "-due_at", "created_at", "-updated_at", "priority", "-priority", "title", "-title", "position", "-position")
		add("status", "open", "completed", "all")
		add("priority", "low", "urgent")
		add("project", "Home", "Nowhere")
		add("tag", "a", "b")
		add("q", "milk", "i", "会議", "準", "%", "STRASSE", "plants water", "❤")
		add("due_before", "2026-12-04T00:00:00Z")
		add("due_after", "2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z")
		add("parent_id", parent.String())
		if whole, pieces := wholeList(rt, b.tasks, who, v), wholeList(rt, &shorter, who, v); !slices.Equal(whole, pieces) {
			rt.Fatalf("%v: %v, but in pages that end early %v", v, whole, pieces)
		}
		for {
			q, err := list.Parse(v)
			if err != nil {
				rt.Fatal(err)
			}
			walked, _, err := b.tasks.page(t.Context(), who, q, b.tasks.walk, "")
			if err != nil {
				rt.Fatal(err)
			}
			if by := driver(q); by != "" {
				exact, _, err := b.tasks.page(t.Context(), who, q, b.tasks.exact, by)
				if err != nil {
					rt.Fatal(err)
				}
				listed, err := short.List(t.Context(), who, q)
				if err != nil {
					rt.Fatal(err)
				}
				for how, other := range map[string]list.Page{"exactly": exact, "by a walk that may be cut off": listed} {
					if len(other.Tasks) != len(walked.Tasks) || (other.Next == nil) != (walked.Next == nil) {
						rt.Fatalf("%v: %s, but %s %s", v, titles(walked.Tasks), how, titles(other.Tasks))
					}
					for i := range other.Tasks {
						if other.Tasks[i].ID != walked.Tasks[i].ID {
							rt.Fatalf("%v: another order %s", v, how)
						}
					}
				}
			}
			if walked.Next == nil {
				break
			}
			v.Set("cursor", q.Cursor(*walked.Next))
		}
	})
}

// wholeList returns the ids of all pages of a list.
func wholeList(rt *rapid.T, tasks *Tasks, who token.Principal, v url.Values) (ids []uuid.UUID) {
	v = maps.Clone(v)
	for {
		q, err := list.Parse(v)
		if err != nil {
			rt.Fatal(err)
		}
		page, err := tasks.List(context.Background(), who, q)
		if err != nil {
			rt.Fatal(err)
		}
		for _, t := range page.Tasks {
			ids = append(ids, t.ID)
		}
		if page.Next == nil {
			return ids
		}
		v.Set("cursor", q.Cursor(*page.Next))
	}
}

// TestFoldFindsWhatWasWrittenBefore: tasks that an earlier release wrote are found by text and name after migrations.Fold,
// and their first spellings are kept.
func TestFoldFindsWhatWasWrittenBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := userlogtest.Principal()
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	const write = `INSERT INTO task (user_id, id, title, description, priority, project, tags, reminders, position, version, created_at, updated_at)
SELECT $1, ('01970000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'Straße ' || i, '', 0, CASE i % 2 WHEN 0 THEN 'Café' ELSE 'CAFE' END, '{Tag}', '{}', 'a' || i, 1, now(), now()
FROM generate_series(0, 449) i`
	if _, err := owner.Exec(t.Context(), write, who.UserID); err != nil {
		t.Fatal(err)
	}
	folded, err := migrations.Fold(t.Context(), b.URL("taskwire_owner"))
	if err != nil || folded != 450 {
		t.Fatal(folded, err)
	}
	for query, want := range map[string]int{"q=strasse+44": 14, "project=cafe": 200, "tag=TAG&q=449": 1} {
		values, _ := url.ParseQuery(query + "&limit=200")
		q, err := list.Parse(values)
		if err != nil {
			t.Fatal(err)
		}
		if found := listed(t, b, who, q); len(found) != want {
			t.Errorf("%s: %d, want %d", query, len(found), want)
		}
	}
	d := userlogtest.Draft("new")
	project := "café"
	d.Project = &project
	if made := b.Do(t, who, task.Create{Draft: d}).Task; *made.Project != "Café" {
		t.Errorf("the project is %s", *made.Project)
	}
	if again, err := migrations.Fold(t.Context(), b.URL("taskwire_owner")); err != nil || again != 0 {
		t.Errorf("a second time: %d, %v", again, err)
	}
}
