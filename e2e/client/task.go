package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"taskwire.dev/e2e/client/api"
)

// Task is a task as the API returns it.
type Task = api.Task

// Recurrence is a task's rule.
type Recurrence = api.Recurrence

// AuditEvent is an entry of the history. An entry about a digest, about all notifications or about a section has no task_id.
type AuditEvent struct {
	api.TaskHistoryItem
	Notification *Notification `json:"notification"`
	Section      *Section      `json:"section"`
	Relabels     []Relabel     `json:"relabels"`
}

// Comment is a comment on a task.
type Comment = api.Comment

// Section is a section of a project.
type Section = api.Section

// Relabel is what a change of a section did to tasks.
type Relabel = api.Relabel

// Change is one changed field of an audit event.
type Change = api.Change

// Result is the result of one operation of a batch.
type Result = api.BatchResult

// Fields are all or some fields of a task, for writing.
type Fields map[string]any

func taskPath(id string) string { return "/api/todos/" + id }

// CreateTask creates a task.
func (c *Client) CreateTask(ctx context.Context, in Fields) (*Task, error) {
	return c.task(ctx, Request{Method: http.MethodPost, Path: "/api/todos", JSON: in}, http.StatusCreated)
}

// Task reads one.
func (c *Client) Task(ctx context.Context, id string) (*Task, error) {
	return c.task(ctx, Request{Method: http.MethodGet, Path: taskPath(id)}, http.StatusOK)
}

// ReplaceTask replaces one.
func (c *Client) ReplaceTask(ctx context.Context, id string, in Fields) (*Task, error) {
	return c.task(ctx, Request{Method: http.MethodPut, Path: taskPath(id), JSON: in}, http.StatusOK)
}

// PatchTask changes some fields of one.
func (c *Client) PatchTask(ctx context.Context, id string, in Fields) (*Task, error) {
	merge := map[string]string{"Content-Type": "application/merge-patch+json"}
	return c.task(ctx, Request{Method: http.MethodPatch, Path: taskPath(id), JSON: in, Header: merge}, http.StatusOK)
}

// CompleteTask completes or reopens one.
func (c *Client) CompleteTask(ctx context.Context, id string, completed bool) (*Task, error) {
	in := Fields{"completed": completed}
	return c.task(ctx, Request{Method: http.MethodPatch, Path: taskPath(id) + "/complete", JSON: in}, http.StatusOK)
}

// DeleteTask deletes one, with its subtasks.
func (c *Client) DeleteTask(ctx context.Context, id string) error {
	return c.call(ctx, Request{Method: http.MethodDelete, Path: taskPath(id)}, http.StatusNoContent, nil)
}

// RestoreTask restores a deleted one.
func (c *Client) RestoreTask(ctx context.Context, id string) (*Task, error) {
	return c.task(ctx, Request{Method: http.MethodPost, Path: taskPath(id) + "/restore"}, http.StatusOK)
}

func (c *Client) task(ctx context.Context, r Request, want int) (*Task, error) {
	var t Task
	if err := c.call(ctx, r, want, &t); err != nil {
		return nil, err
	}
	return &t, nil
}

// ListTasks reads one page.
func (c *Client) ListTasks(ctx context.Context, query url.Values) (*Page[Task], error) {
	return list[Task](ctx, c, "/api/todos", query)
}

// AllTasks reads all pages of a list; visit, if not nil, is called between two pages.
func (c *Client) AllTasks(ctx context.Context, query url.Values, visit func()) ([]Task, error) {
	return All[Task](ctx, c, "/api/todos", query, visit)
}

// HistoryPage reads one page of the history at path, "/api/history" or that of a task.
func (c *Client) HistoryPage(ctx context.Context, path string, query url.Values) (*Page[AuditEvent], error) {
	return list[AuditEvent](ctx, c, path, query)
}

// History reads all of the user's history after seq.
func (c *Client) History(ctx context.Context, after int64) ([]AuditEvent, error) {
	return All[AuditEvent](ctx, c, "/api/history", url.Values{"limit": {"200"}, "after": {strconv.FormatInt(after, 10)}}, nil)
}

// Operation is one change of a batch.
type Operation struct {
	Op   string `json:"op"`
	ID   string `json:"id,omitempty"`
	Task Fields `json:"task,omitempty"`
}

// Batch executes all of the operations, or none.
func (c *Client) Batch(ctx context.Context, operations ...Operation) ([]Result, error) {
	var out api.BatchResults
	in := map[string]any{"operations": operations}
	err := c.call(ctx, Request{Method: http.MethodPost, Path: "/api/todos/batch", JSON: in}, http.StatusOK, &out)
	return out.Results, err
}

func clone(v url.Values) url.Values {
	out := url.Values{}
	for name, values := range v {
		out[name] = append([]string(nil), values...)
	}
	return out
}
