package function

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"taskwire.dev/functions/mcp/internal/rest"
)

// Page sizes of a list: enough for an overview, few enough for a model's context.
const (
	pageDefault = 25
	pageMax     = 100
)

type page struct {
	Limit  int    `json:"limit,omitempty" jsonschema:"The maximum number of tasks to return"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page; it includes the filters of that list"`
}

// fetch reads a page of a list of the API, on behalf of the caller. q has the other parameters of the list.
func fetch[T any](ctx context.Context, api *rest.Client, path string, q url.Values, p page) (items []T, next *string, err error) {
	q.Set("limit", strconv.Itoa(p.Limit))
	if p.Cursor != "" {
		q.Set("cursor", p.Cursor)
	}
	var answer struct {
		Items      []T     `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
	err = api.Do(ctx, rest.Request{Method: http.MethodGet, Path: path, Query: q, Token: from(ctx).token}, &answer)
	return answer.Items, answer.NextCursor, err
}
