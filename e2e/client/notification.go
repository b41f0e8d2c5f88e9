package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"taskwire.dev/e2e/client/api"
)

// Notification is a notification as the API returns it.
type Notification = api.Notification

// NotificationUpdate is the data of a frame sync.notification-created or -read.
type NotificationUpdate struct {
	ChangeType   string        `json:"change_type"`
	TaskID       *string       `json:"task_id"`
	UserID       string        `json:"user_id"`
	Seq          int64         `json:"seq"`
	Timestamp    time.Time     `json:"timestamp"`
	Notification *Notification `json:"notification"`
}

// ReminderData is the data of an event on the topic reminders.
type ReminderData struct {
	TaskID   string     `json:"task_id"`
	UserID   string     `json:"user_id"`
	Title    string     `json:"title"`
	DueAt    *time.Time `json:"due_at"`
	DueDate  *string    `json:"due_date"`
	Window   string     `json:"window"`
	RemindAt time.Time  `json:"remind_at"`
}

// Notified decodes the data of a frame about notifications.
func (f Frame) Notified() (NotificationUpdate, error) {
	var d NotificationUpdate
	if f.Event != "sync.notification-created" && f.Event != "sync.notification-read" {
		return d, fmt.Errorf("frame %q is about no notification: %s", f.Event, f.Data)
	}
	return d, json.Unmarshal(f.Data, &d)
}

// NotificationPath is the path of notifications.
const NotificationPath = "/api/notifications"

// NotificationPage is one page.
type NotificationPage = api.NotificationPage

// Notifications returns one page.
func (c *Client) Notifications(ctx context.Context, query url.Values) (*NotificationPage, error) {
	var page NotificationPage
	err := c.call(ctx, Request{Method: http.MethodGet, Path: NotificationPath, Query: query}, http.StatusOK, &page)
	return &page, err
}

// AllNotifications returns all visible ones, page by page.
func (c *Client) AllNotifications(ctx context.Context) ([]Notification, error) {
	return All[Notification](ctx, c, NotificationPath, url.Values{"limit": {"200"}}, nil)
}

// UnreadNotifications counts them.
func (c *Client) UnreadNotifications(ctx context.Context) (int, error) {
	var answer struct{ Count int }
	err := c.call(ctx, Request{Method: http.MethodGet, Path: NotificationPath + "/unread-count"}, http.StatusOK, &answer)
	return answer.Count, err
}

// ReadNotification marks one as read.
func (c *Client) ReadNotification(ctx context.Context, id string) (*Notification, error) {
	var n Notification
	err := c.call(ctx, Request{Method: http.MethodPatch, Path: NotificationPath + "/" + id + "/read"}, http.StatusOK, &n)
	return &n, err
}

// ReadAllNotifications marks all as read and returns how many were unread.
func (c *Client) ReadAllNotifications(ctx context.Context) (int, error) {
	var answer struct{ Updated int }
	err := c.call(ctx, Request{Method: http.MethodPost, Path: NotificationPath + "/read-all"}, http.StatusOK, &answer)
	return answer.Updated, err
}

// SnoozeNotification snoozes one.
func (c *Client) SnoozeNotification(ctx context.Context, id, duration string) (*Notification, error) {
	var n Notification
	in := Fields{"for": duration}
	err := c.call(ctx, Request{Method: http.MethodPost, Path: NotificationPath + "/" + id + "/snooze", JSON: in}, http.StatusOK, &n)
	return &n, err
}
