package function

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"taskwire.dev/functions/mcp/internal/rest"
)

// TestFetch_TheCursorHasTheFilters: a model that sends the cursor alone gets the rest of the same list.
func TestFetch_TheCursorHasTheFilters(t *testing.T) {
	t.Parallel()
	var queries []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries = append(queries, r.URL.RawQuery)
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Query().Get("cursor") != "" {
			fmt.Fprint(w, `{"items":[3],"next_cursor":null}`)
			return
		}
		fmt.Fprint(w, `{"items":[1,2],"next_cursor":"here"}`)
	}))
	t.Cleanup(api.Close)
	client, err := rest.New("list", api.URL, api.Client().Transport)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(t.Context(), callerKey{}, caller{})
	_, next, err := fetch[int](ctx, client, "/", url.Values{"unread": {"false"}}, page{Limit: 2})
	if err != nil || next == nil {
		t.Fatal(next, err)
	}
	items, next, err := fetch[int](ctx, client, "/", url.Values{"unread": {"true"}}, page{Limit: 1, Cursor: *next})
	if err != nil || next != nil || len(items) != 1 {
		t.Error(items, next, err)
	}
	if want := []string{"limit=2&unread=false", "cursor=here&limit=1&unread=false"}; fmt.Sprint(queries) != fmt.Sprint(want) {
		t.Errorf("queries %q, want %q", queries, want)
	}
	if _, _, err := fetch[int](ctx, client, "/", url.Values{}, page{Limit: 1, Cursor: "nonsense"}); err == nil {
		t.Error("a cursor that no list gave out is accepted")
	}
}

func TestCounted(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 open tasks", 1: "1 open task", 2: "2 open tasks"} {
		if got := counted(n, "open task(s)"); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
