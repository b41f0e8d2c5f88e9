package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
)

// titles lists the titles of the tasks that a query returns.
func (u *user) titles(t *testing.T, query string) []string {
	t.Helper()
	values, err := url.ParseQuery(query)
	check.NoError(t, err)
	out := []string{}
	for _, task := range check.Must(u.AllTasks(t.Context(), values, nil))(t) {
		out = append(out, task.Title)
	}
	return out
}

func TestList_EveryFilter(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	parent := u.create(t, client.Fields{"title": "a", "priority": "high", "project": "Home", "tags": []string{"x", "y"}, "due_at": "2026-12-01T00:00:00Z"})
	u.create(t, client.Fields{"title": "b", "completed": true, "project": "home", "tags": []string{"x"}, "due_at": "2026-12-02T00:00:00Z"})
	u.create(t, client.Fields{"title": "c", "parent_id": parent.ID, "tags": []string{"y"}, "description": "zebra", "due_at": "2026-12-03T00:00:00Z"})
	u.create(t, client.Fields{"title": "d", "priority": "none", "completed": true, "project": "Home"})
	deleted := u.create(t, client.Fields{"title": "deleted", "priority": "high", "tags": []string{"x", "y"}, "parent_id": parent.ID, "description": "zebra"})
	check.NoError(t, u.DeleteTask(t.Context(), deleted.ID))

	for query, want := range map[string][]string{
		"":                                    {"a", "b", "c", "d"},
		"status=all":                          {"a", "b", "c", "d"},
		"status=open":                         {"a", "c"},
		"status=completed":                    {"b", "d"},
		"priority=high":                       {"a"},
		"priority=none":                       {"b", "c", "d"},
		"priority=urgent":                     {},
		"project=Home":                        {"a", "b", "d"},
		"project=home":                        {"a", "b", "d"}, // the spelling makes no difference
		"project=Hom":                         {},
		"tag=x":                               {"a", "b"},
		"tag=x&tag=y":                         {"a"},
		"tag=X":                               {"a", "b"},
		"parent_id=" + parent.ID:              {"c"},
		"parent_id=" + deleted.ID:             {},
		"q=zebra":                             {"c"},
		"due_before=2026-12-02T00:00:00Z":     {"a"},
		"due_after=2026-12-02T00:00:00Z":      {"c"},
		"due_after=2026-12-01T23:00:00-02:00": {"c"},
		"due_after=2026-12-01T00:00:00Z&due_before=2026-12-03T00:00:00Z":                     {"b"},
		"status=open&tag=y&priority=none":                                                    {"c"},
		"status=&priority=&project=&tag=&parent_id=&q=&due_before=&due_after=&sort=&cursor=": {"a", "b", "c", "d"},
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			same(t, "found", u.titles(t, query), want)
		})
	}
}

// TestList_EverySort checks each order in both directions; tasks without a due time are last in either.
func TestList_EverySort(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.create(t, client.Fields{"title": "beta", "priority": "urgent", "position": "a3"})
	second := u.create(t, client.Fields{"title": "Alpha", "priority": "none", "due_at": "2026-12-02T00:00:00Z", "position": "Zz"})
	u.create(t, client.Fields{"title": "émile", "priority": "high", "due_at": "2026-12-01T00:00:00Z", "position": "a1"})
	u.create(t, client.Fields{"title": "Zoë", "priority": "low", "position": "a1V"})
	check.Must(u.PatchTask(t.Context(), second.ID, client.Fields{"description": "touched last"}))(t)
	for sort, want := range map[string][]string{
		"due_at":      {"émile", "Alpha", "beta", "Zoë"},
		"-due_at":     {"Alpha", "émile", "Zoë", "beta"},
		"created_at":  {"beta", "Alpha", "émile", "Zoë"},
		"-created_at": {"Zoë", "émile", "Alpha", "beta"},
		"updated_at":  {"beta", "émile", "Zoë", "Alpha"},
		"-updated_at": {"Alpha", "Zoë", "émile", "beta"},
		"priority":    {"Alpha", "Zoë", "émile", "beta"},
		"-priority":   {"beta", "émile", "Zoë", "Alpha"},
		"title":       {"Alpha", "beta", "émile", "Zoë"},
		"-title":      {"Zoë", "émile", "beta", "Alpha"},
		"position":    {"Alpha", "émile", "Zoë", "beta"},
		"-position":   {"beta", "Zoë", "émile", "Alpha"},
		"":            {"Alpha", "émile", "Zoë", "beta"},
	} {
		for _, limit := range []int{1, 3, 50} {
			t.Run(sort+" by "+strconv.Itoa(limit), func(t *testing.T) {
				t.Parallel()
				same(t, "order", u.titles(t, "sort="+sort+"&limit="+strconv.Itoa(limit)), want)
			})
		}
	}
}

func TestList_Limit(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for range 3 { // 210 tasks
		operations := make([]client.Operation, 70)
		for i := range operations {
			operations[i] = client.Operation{Op: "create", Task: client.Fields{"title": "Many"}}
		}
		check.Must(u.Batch(t.Context(), operations...))(t)
	}
	for limit, want := range map[string]int{"": 50, "limit=1": 1, "limit=200": 200} {
		page := check.Must(u.ListTasks(t.Context(), check.Must(url.ParseQuery(limit))(t)))(t)
		if len(page.Items) != want || page.NextCursor == nil {
			t.Fatalf("limit %q: %d items", limit, len(page.Items))
		}
	}
	// The last page has no next_cursor, even if it is full.
	all := check.Must(u.AllTasks(t.Context(), url.Values{"limit": {"105"}}, nil))(t)
	if len(all) != 210 {
		t.Fatalf("%d tasks in two full pages", len(all))
	}
	empty := check.Must(newUser(t).ListTasks(t.Context(), nil))(t)
	if empty.Items == nil || len(empty.Items) != 0 || empty.NextCursor != nil {
		t.Fatalf("the empty list: %+v", empty)
	}
}

func TestList_Invalid(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	for range 3 {
		u.create(t, client.Fields{"title": "Some"})
	}
	page := check.Must(u.ListTasks(t.Context(), url.Values{"limit": {"1"}, "sort": {"title"}}))(t)
	for query, field := range map[string]string{
		"limit=0":                        "/limit",
		"limit=201":                      "/limit",
		"limit=-1":                       "/limit",
		"limit=x":                        "/limit",
		"limit=1.5":                      "/limit",
		"limit=99999999999999999999":     "/limit",
		"status=done":                    "/status",
		"priority=highest":               "/priority",
		"parent_id=x":                    "/parent_id",
		"due_before=tomorrow":            "/due_before",
		"due_after=2026-13-01T00:00:00Z": "/due_after",
		"due_after=2026-12-01":           "/due_after",
		"sort=colour":                    "/sort",
		"sort=--title":                   "/sort",
		"sort=title,id":                  "/sort",
		"sort=title&sort=position":       "/sort",
		"cursor=x":                       "/cursor",
		"cursor=e30":                     "/cursor",
		"cursor=%00":                     "/cursor",
		"q=%00":                          "/q",
		"q=%ff":                          "/q",
		"project=a%00b":                  "/project",
		"colour=red":                     "/colour",
		"q=" + url.QueryEscape(string(slices.Repeat([]rune{'ü'}, 201))): "/q",
		"sort=title&status=open&cursor=" + *page.NextCursor:             "/cursor",
		"sort=-title&cursor=" + *page.NextCursor:                        "/cursor",
		"cursor=" + *page.NextCursor:                                    "/cursor",
		"sort=title&cursor=" + (*page.NextCursor)[1:]:                   "/cursor",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos?" + query}), 422, field)
		})
	}
	for _, query := range []string{"limit=%zz", "a;b=c", "q=%"} {
		expectProblem(t, do(t, u.Client, client.Request{Method: http.MethodGet, Path: "/api/todos?" + query}), 400)
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	u := newUser(t)
	u.create(t, client.Fields{"title": "Buy milk and bread", "description": "At the corner shop"})
	u.create(t, client.Fields{"title": "Größe der Straße messen", "description": "ÉCOLE café"})
	u.create(t, client.Fields{"title": "Купить молоко", "description": "東京 タワー"})
	u.create(t, client.Fields{"title": "Mail ada@example.com", "description": "See https://example.org/a-path/report_v2.pdf, well-known, it's v1.2.3 (really)"})
	for q, want := range map[string][]string{
		"milk":                     {"Buy milk and bread"},
		"MILK":                     {"Buy milk and bread"},
		"mil":                      {"Buy milk and bread"},
		"ilk":                      {"Buy milk and bread"},
		"corner milk":              {"Buy milk and bread"},
		"bre mil sho":              {"Buy milk and bread"},
		"milk zebra":               {},
		"größe":                    {"Größe der Straße messen"},
		"GRÖSSE":                   {"Größe der Straße messen"},
		"grosse strasse":           {"Größe der Straße messen"},
		"京":                        {"Купить молоко"},
		"GRÖß":                     {"Größe der Straße messen"},
		"école CAFÉ":               {"Größe der Straße messen"},
		"молок":                    {"Купить молоко"},
		"東京":                       {"Купить молоко"},
		"タワ":                       {"Купить молоко"},
		"ada@example.com":          {"Mail ada@example.com"},
		"example":                  {"Mail ada@example.com"},
		"example.org":              {"Mail ada@example.com"},
		"report":                   {"Mail ada@example.com"},
		"report_v2.pdf":            {"Mail ada@example.com"},
		"pdf":                      {"Mail ada@example.com"},
		"path":                     {"Mail ada@example.com"},
		"known":                    {"Mail ada@example.com"},
		"well-known":               {"Mail ada@example.com"},
		"it's":                     {"Mail ada@example.com"},
		"v1.2.3":                   {"Mail ada@example.com"},
		"really":                   {"Mail ada@example.com"},
		`milk & | ! ( ) : * ' \ "`: {"Buy milk and bread"},
		"milk:*":                   {"Buy milk and bread"},
		"!milk":                    {"Buy milk and bread"},
		"😀":                        {},
		"_":                        {"Mail ada@example.com"},
		"%":                        {},
		"   ":                      {"Buy milk and bread", "Größe der Straße messen", "Купить молоко", "Mail ada@example.com"},
	} {
		t.Run(q, func(t *testing.T) {
			t.Parallel()
			same(t, "found", u.titles(t, "q="+url.QueryEscape(q)), want)
		})
	}
	// The search uses the current text.
	other := newUser(t)
	task := other.create(t, client.Fields{"title": "Ephemeral"})
	check.Must(other.PatchTask(t.Context(), task.ID, client.Fields{"title": "Lasting"}))(t)
	same(t, "the old word", other.titles(t, "q=ephemeral"), []string{})
	same(t, "the new word", other.titles(t, "q=lasting"), []string{"Lasting"})
}
