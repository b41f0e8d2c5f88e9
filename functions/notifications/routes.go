package function

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"taskwire.dev/functions/notifications/internal/store"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notification"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

const jsonType = "application/json"

func (f *Function) routes() http.Handler {
	rt := &httpapi.Router{Compressed: true}
	route := func(pattern, scope string, h token.Handler) {
		rt.Route(pattern, dapr.FromSidecar(f.sidecar, f.tokens.Scoped(scope, h)))
	}
	route("GET /api/notifications", token.ScopeRead, f.list)
	route("GET /api/notifications/unread-count", token.ScopeRead, f.unreadCount)
	route("PATCH /api/notifications/{id}/read", token.ScopeWrite, token.Only(f.read))
	route("POST /api/notifications/read-all", token.ScopeWrite, token.Only(f.readAll))
	route("POST /api/notifications/{id}/snooze", token.ScopeWrite, token.Only(f.snooze))
	return rt
}

func (f *Function) list(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	p, err := parsePage(values)
	if err != nil {
		return err
	}
	list, more, err := f.notifications.List(r.Context(), who, p)
	if err != nil {
		return err
	}
	answer := struct {
		Items      []notification.Notification `json:"items"`
		NextCursor *string                     `json:"next_cursor"`
	}{Items: list}
	if more {
		last := list[len(list)-1]
		next := cursor(store.Position{CreatedAt: last.CreatedAt, ID: last.ID})
		answer.NextCursor = &next
	}
	if answer.Items == nil {
		answer.Items = []notification.Notification{}
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// parsePage parses the parameters strictly: a misspelled one must not silently return the whole list.
func parsePage(v url.Values) (store.Page, error) {
	var fs fault.Fields
	p := store.Page{Limit: httpapi.Limit(&fs, v)}
	httpapi.Parameters(&fs, v, "limit", "cursor", "unread", "resolved")
	if unread := httpapi.Boolean(&fs, v, "unread"); unread != nil {
		p.Unread = *unread
	}
	p.Resolved = httpapi.Boolean(&fs, v, "resolved")
	if s := v.Get("cursor"); s != "" {
		p.After = &store.Position{}
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil || json.Unmarshal(b, p.After) != nil || p.After.CreatedAt.IsZero() {
			fs.Add("/cursor", "is not one that this list gave out")
		}
	}
	return p, fs.Err()
}

func cursor(p store.Position) string {
	b, _ := json.Marshal(p) // a struct of plain values always marshals
	return base64.RawURLEncoding.EncodeToString(b)
}

func (f *Function) unreadCount(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	n, err := f.notifications.Unread(r.Context(), who)
	if err != nil {
		return err
	}
	httpapi.WriteJSON(w, http.StatusOK, map[string]int64{"count": n})
	return nil
}

// read takes no body; a body that a client sends anyway is ignored.
func (f *Function) read(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := notificationID(r)
	if err != nil {
		return err
	}
	answer, err := f.notifications.Read(r.Context(), who, id, shown)
	return httpapi.WriteAnswer(w, answer, err)
}

func (f *Function) readAll(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	_, key, err := keyed(w, r)
	if err != nil {
		return err
	}
	answer, err := f.notifications.ReadAll(r.Context(), who, key, func(updated int64) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusOK, map[string]int64{"updated": updated}, nil)
	})
	return httpapi.WriteAnswer(w, answer, err)
}

func (f *Function) snooze(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := notificationID(r)
	if err != nil {
		return err
	}
	if err := httpapi.CheckMediaType(r, jsonType); err != nil {
		return err
	}
	body, key, err := keyed(w, r)
	if err != nil {
		return err
	}
	var in snoozeInput
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return err
	}
	d, err := in.duration()
	if err != nil {
		return err
	}
	answer, err := f.notifications.Snooze(r.Context(), who, key, id, d, shown)
	return httpapi.WriteAnswer(w, answer, err)
}

func shown(n notification.Notification) idempotency.Answer {
	return httpapi.JSONAnswer(http.StatusOK, n, nil)
}

// keyed reads the body of a POST and its Idempotency-Key.
func keyed(w http.ResponseWriter, r *http.Request) ([]byte, idempotency.Key, error) {
	body, err := httpapi.ReadBody(w, r, httpapi.MaxNotificationBody)
	if err != nil {
		return nil, idempotency.Key{}, err
	}
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, r.URL.Path, body)
	return body, key, err
}

// notificationID reads the id in the path. A malformed id is treated as not found.
func notificationID(r *http.Request) (uuid.UUID, error) {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return uuid.Nil, fault.New(fault.NotFound, "there is no such notification")
	}
	return id, nil
}
