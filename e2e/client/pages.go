package client

import (
	"context"
	"net/http"
	"net/url"
)

// Page is one page of a list.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

// All reads all pages of the list at a path; between, if not nil, is called between two pages.
func All[T any](ctx context.Context, c *Client, path string, query url.Values, between func()) (all []T, err error) {
	query = clone(query)
	for {
		page, err := list[T](ctx, c, path, query)
		if err != nil {
			return nil, err
		}
		if all = append(all, page.Items...); page.NextCursor == nil {
			return all, nil
		}
		query.Set("cursor", *page.NextCursor)
		if between != nil {
			between()
		}
	}
}

func list[T any](ctx context.Context, c *Client, path string, query url.Values) (*Page[T], error) {
	var page Page[T]
	err := c.call(ctx, Request{Method: http.MethodGet, Path: path, Query: query}, http.StatusOK, &page)
	return &page, err
}
