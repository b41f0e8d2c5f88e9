package function

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/label"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// labels are the routes of one kind of labels.
type labels struct {
	*Function
	kind label.Kind
	path string // of the list
}

// route adds the routes of the kind.
func (f labels) route(rt *httpapi.Router) {
	rt.Route("GET "+f.path, f.tokens.Scoped(token.ScopeRead, f.list))
	rt.Route("POST "+f.path, f.tokens.Scoped(token.ScopeWrite, token.Only(f.create)))
	rt.Route("GET "+f.path+"/{id}", f.tokens.Scoped(token.ScopeRead, f.get))
	rt.Route("PATCH "+f.path+"/{id}", f.tokens.Scoped(token.ScopeWrite, token.Only(f.patch)))
	rt.Route("DELETE "+f.path+"/{id}", f.tokens.Scoped(token.ScopeWrite, f.delete))
}

// labelItem is a label in a list. Open is how many open tasks have it, if that was asked for.
type labelItem struct {
	label.Label
	Open *int64 `json:"open,omitempty"`
}

func (f labels) list(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	var others []string
	if f.kind != label.Section {
		others = []string{"open"}
	}
	after, limit, err := pageOf(r, parseLabelCursor, others...)
	if err != nil {
		return err
	}
	counted, err := boolean(r, "open")
	if err != nil {
		return err
	}
	found, more, err := f.tasks.Labels(r.Context(), who, f.kind, after, limit)
	if err != nil {
		return err
	}
	answer := page[labelItem]{Items: make([]labelItem, len(found))}
	for i, l := range found {
		answer.Items[i].Label = l
	}
	if counted {
		names := make([]string, len(found))
		for i, l := range found {
			names[i] = l.Key
		}
		open, err := f.tasks.OpenByName(r.Context(), who, names)
		if err != nil {
			return err
		}
		for i := range found {
			n := open[names[i]]
			answer.Items[i].Open = &n
		}
	}
	if more {
		last := found[len(found)-1]
		next := base64.RawURLEncoding.EncodeToString([]byte(last.Position + " " + last.ID.String()))
		answer.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

func parseLabelCursor(fs *fault.Fields, s string) (key store.LabelKey) {
	if s == "" {
		return key
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	position, id, _ := strings.Cut(string(text), " ")
	if err == nil {
		key.ID, err = uuid.Parse(id)
	}
	if key.Position = position; err != nil || !task.ValidPosition(position) {
		fs.Add("/cursor", "is not one that this list gave out")
	}
	return key
}

func (f labels) get(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := f.id(r)
	if err != nil {
		return err
	}
	l, err := f.tasks.Label(r.Context(), who, f.kind, id)
	if err != nil {
		return err
	}
	tag := etag(l.Version)
	w.Header().Set("ETag", tag)
	if !httpapi.NoneMatch(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	httpapi.WriteJSON(w, http.StatusOK, l)
	return nil
}

func (f labels) create(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	p, err := decodeLabel(body, f.kind, true)
	if err != nil {
		return err
	}
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, r.URL.Path, body)
	if err != nil {
		return err
	}
	answer, err := f.tasks.CreateLabel(r.Context(), who, key, f.kind, p, func(l label.Label) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusCreated, l, map[string]string{"ETag": etag(l.Version), "Location": f.path + "/" + l.ID.String()})
	})
	return httpapi.WriteAnswer(w, answer, err)
}

func (f labels) patch(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := f.id(r)
	if err != nil {
		return err
	}
	body, err := readJSON(w, r, mergePatchType, jsonType)
	if err != nil {
		return err
	}
	p, err := decodeLabel(body, f.kind, false)
	if err != nil {
		return err
	}
	answer, err := f.tasks.UpdateLabel(r.Context(), who, f.kind, id, p, conditions(r).check, func(l label.Label) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusOK, l, map[string]string{"ETag": etag(l.Version)})
	})
	return httpapi.WriteAnswer(w, answer, err)
}

func (f labels) delete(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := f.id(r)
	if err != nil {
		return err
	}
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	deletion, err := parseDeletion(values, id)
	if err != nil {
		return err
	}
	deletion.Match = conditions(r).check
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, r.URL.Path+"?"+values.Encode(), nil)
	if err != nil {
		return err
	}
	answer, err := f.tasks.DeleteLabel(r.Context(), who, key, f.kind, deletion)
	return httpapi.WriteAnswer(w, answer, err)
}

// id reads the id in the path. A malformed id is treated as not found.
func (f labels) id(r *http.Request) (uuid.UUID, error) {
	id, ok := task.ParseID(r.PathValue("id"))
	if !ok {
		return uuid.Nil, fault.New(fault.NotFound, "there is no such %s", f.kind)
	}
	return id, nil
}
