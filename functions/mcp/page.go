package function

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/fault"
)

// Page sizes of a list: enough for an overview, few enough for a model's context.
const (
	pageDefault = 25
	pageMax     = 100
)

type page struct {
	Limit  int    `json:"limit,omitempty" jsonschema:"The maximum number to return"`
	Cursor string `json:"cursor,omitempty" jsonschema:"next_cursor of the previous page; it includes the filters of that list"`
}

// fetch reads a page of a list of the API, on behalf of the caller. q has the other parameters of the list; the cursor that it returns
// includes them, so a later page keeps the filters of the first, and "before tomorrow" the meaning that it had then.
func fetch[T any](ctx context.Context, api *rest.Client, path string, q url.Values, p page) (items []T, next *string, err error) {
	if p.Cursor != "" {
		if q, err = openCursor(p.Cursor); err != nil {
			return nil, nil, err
		}
	}
	q.Set("limit", strconv.Itoa(p.Limit))
	var answer struct {
		Items      []T     `json:"items"`
		NextCursor *string `json:"next_cursor"`
	}
	err = api.Do(ctx, rest.Request{Method: http.MethodGet, Path: path, Query: q, Token: from(ctx).token}, &answer)
	if err != nil || answer.NextCursor == nil {
		return answer.Items, nil, err
	}
	q.Set("cursor", *answer.NextCursor)
	q.Del("limit")
	packed := base64.RawURLEncoding.EncodeToString([]byte(q.Encode()))
	return answer.Items, &packed, nil
}

func openCursor(s string) (url.Values, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err == nil {
		var q url.Values
		if q, err = url.ParseQuery(string(b)); err == nil && q.Get("cursor") != "" {
			return q, nil
		}
	}
	var fs fault.Fields
	fs.Add("/cursor", "is not a cursor of this list: send next_cursor of the previous page, or none")
	return nil, fs.Err()
}

// moreLine ends a page that is not the last.
const moreLine = "\nThere are more: call again with cursor = next_cursor."

// counted is a number of things, such as "1 open task" for "open task(s)".
func counted(n int, things string) string {
	plural := "s"
	if n == 1 {
		plural = ""
	}
	return strconv.Itoa(n) + " " + strings.Replace(things, "(s)", plural, 1)
}
