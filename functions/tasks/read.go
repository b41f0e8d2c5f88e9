package function

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/functions/tasks/internal/preferences"
	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/wallclock"
)

// page is the format of every list.
type page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor"`
}

func (f *Function) get(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	t, err := f.tasks.Get(r.Context(), who, id)
	if err != nil {
		return err
	}
	tag := etag(t.Version)
	w.Header().Set("ETag", tag)
	if !httpapi.NoneMatch(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	httpapi.WriteJSON(w, http.StatusOK, t)
	return nil
}

func (f *Function) list(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	q, err := list.Parse(values)
	if err != nil {
		return err
	}
	if q.NeedsZone() {
		p, err := f.prefs.Get(r.Context(), who)
		if err != nil {
			return err
		}
		q.Zone = wallclock.Zone(p.Timezone)
	}
	found, err := f.tasks.List(r.Context(), who, q)
	if err != nil {
		return err
	}
	answer := page[*task.Task]{Items: found.Tasks}
	if found.Next != nil {
		next := q.Cursor(*found.Next)
		answer.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

func (f *Function) counts(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	c, err := f.tasks.Counts(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, c, err)
}

func (f *Function) history(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	return writeHistory(w, r, func(span store.Span) ([]task.Event, bool, error) {
		return f.tasks.History(r.Context(), who, span)
	})
}

func (f *Function) taskHistory(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	return writeHistory(w, r, func(span store.Span) ([]task.Event, bool, error) {
		return f.tasks.TaskHistory(r.Context(), who, id, span)
	})
}

// writeHistory responds with a page of audit events. Its cursor is the sequence of the last one, negative in a list with the
// newest first: the log only grows at its end, so nothing can shift between pages.
func writeHistory(w http.ResponseWriter, r *http.Request, read func(store.Span) ([]task.Event, bool, error)) error {
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	span, err := parseSpan(values)
	if err != nil {
		return err
	}
	events, more, err := read(span)
	if err != nil {
		return err
	}
	answer := page[historyItem]{Items: make([]historyItem, 0, len(events))}
	if more {
		last := events[len(events)-1].Seq
		if span.NewestFirst {
			last = -last
		}
		next := strconv.FormatInt(last, 10)
		answer.NextCursor = &next
	}
	for _, e := range events {
		item, err := itemOf(e)
		if err != nil {
			return err
		}
		answer.Items = append(answer.Items, item)
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// historyItem is an audit event with its trace. Its task is null if it is not about a single task: all notifications
// were read, or a project, a section or a tag was changed.
type historyItem struct {
	task.Event
	TaskID      *uuid.UUID      `json:"task_id"`
	Traceparent string          `json:"traceparent"`
	Project     *label.Label    `json:"project,omitempty"`
	Section     *label.Label    `json:"section,omitempty"`
	Tag         *label.Label    `json:"tag,omitempty"`
	Relabels    []label.Relabel `json:"relabels,omitempty"`
}

func itemOf(e task.Event) (historyItem, error) {
	item := historyItem{Event: e, TaskID: &e.TaskID, Traceparent: e.Traceparent}
	if e.TaskID == uuid.Nil {
		item.TaskID = nil
	}
	if !e.EventType.OfLabel() {
		return item, nil
	}
	entry, err := label.EntryOf(e)
	switch label.KindOf(e.EventType) {
	case label.Tag:
		item.Tag = &entry.Label
	case label.Section:
		item.Section = &entry.Label
	default:
		item.Project = &entry.Label
	}
	item.Relabels = entry.Relabels
	return item, err
}

// parseSpan parses the parameters of a history.
func parseSpan(v url.Values) (store.Span, error) {
	var fs fault.Fields
	span := store.Span{Limit: httpapi.Limit(&fs, v), Before: math.MaxInt64}
	httpapi.Parameters(&fs, v, "after", "limit", "cursor", "sort")
	switch v.Get("sort") {
	case "", "seq":
	case "-seq":
		span.NewestFirst = true
	default:
		fs.Add("/sort", "must be seq, or -seq for the newest first")
	}
	if s := v.Get("after"); s != "" {
		var ok bool
		if span.After, ok = sequence(s); !ok {
			fs.Add("/after", "must be a sequence number")
		}
	}
	if s := v.Get("cursor"); s != "" {
		digits, newestFirst := strings.CutPrefix(s, "-")
		n, ok := sequence(digits)
		switch {
		case !ok:
			fs.Add("/cursor", "is not one that this list gave out")
		case newestFirst != span.NewestFirst:
			fs.Add("/cursor", "belongs to a list with another sort")
		case newestFirst:
			span.Before = n
		default:
			span.After = max(span.After, n)
		}
	}
	return span, fs.Err()
}

// sequence parses the sequence number of an event, or 0.
func sequence(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n >= 0
}

func (f *Function) preferences(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	p, err := f.prefs.Get(r.Context(), who)
	return httpapi.WriteResult(w, http.StatusOK, p, err)
}

func (f *Function) setPreferences(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	var in preferences.Input
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return err
	}
	p, err := in.Preferences()
	if err != nil {
		return err
	}
	kept, err := f.prefs.Set(r.Context(), who, p)
	return httpapi.WriteResult(w, http.StatusOK, kept, err)
}
