package function

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	"taskwire.dev/functions/dead-letter/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// admin lets h serve administrators whose token has the scope.
func (f *Function) admin(scope string, h token.Handler) httpapi.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, err := f.tokens.Authenticate(r)
		if err != nil {
			return err
		}
		if err := store.RequireAdmin(who); err != nil {
			return err
		}
		if err := who.Require(scope); err != nil {
			return err
		}
		return h(w, r, who)
	}
}

// page is the format of every list.
type page struct {
	Items      []store.DeadLetter `json:"items"`
	NextCursor *string            `json:"next_cursor"`
}

func (f *Function) list(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	values, err := httpapi.Query(r)
	if err != nil {
		return err
	}
	q, err := parseQuery(values)
	if err != nil {
		return err
	}
	letters, err := f.letters.List(r.Context(), who, q)
	if err != nil {
		return err
	}
	answer := page{Items: letters}
	if len(letters) > q.Limit {
		next := letters[q.Limit-1].ID.String()
		answer.Items, answer.NextCursor = letters[:q.Limit], &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// whole is a dead letter with its event: for reading, and byte for byte.
type whole struct {
	store.DeadLetter
	Event  json.RawMessage `json:"event"` // null when the record is not JSON
	Record []byte          `json:"event_base64"`
}

func (f *Function) look(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := letterID(r)
	if err != nil {
		return err
	}
	letter, record, err := f.letters.Get(r.Context(), who, id)
	if err != nil {
		return err
	}
	answer := whole{DeadLetter: letter, Record: record}
	if json.Valid(record) {
		answer.Event = record
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

func (f *Function) redrive(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := letterID(r)
	if err != nil {
		return err
	}
	body, err := httpapi.ReadBody(w, r, httpapi.MaxBody)
	if err != nil {
		return err
	}
	key, err := idempotency.FromHeader(r.Header.Get("Idempotency-Key"), r.Method, r.URL.Path, body)
	if err != nil {
		return err
	}
	answer, err := f.letters.Redrive(r.Context(), who, key, id, func(letter store.DeadLetter) idempotency.Answer {
		return httpapi.JSONAnswer(http.StatusOK, letter, nil)
	})
	if err != nil {
		return err
	}
	telemetry.Audit(r.Context(), telemetry.AdminAction, slog.String("action", "dead letter redriven"), slog.String("id", id.String()), slog.String("by", who.Actor()))
	return httpapi.WriteAnswer(w, answer, nil)
}

func (f *Function) discard(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := letterID(r)
	if err != nil {
		return err
	}
	if err := f.letters.Discard(r.Context(), who, id); err != nil {
		return err
	}
	telemetry.Audit(r.Context(), telemetry.AdminAction, slog.String("action", "dead letter discarded"), slog.String("id", id.String()), slog.String("by", who.Actor()))
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// letterID reads the id in the path. A malformed id is treated as not found.
func letterID(r *http.Request) (uuid.UUID, error) {
	s := r.PathValue("id")
	id, err := uuid.Parse(s)
	if err != nil || len(s) != 36 {
		return uuid.Nil, fault.New(fault.NotFound, "there is no such dead letter")
	}
	return id, nil
}
