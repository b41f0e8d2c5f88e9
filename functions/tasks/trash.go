package function

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// trash lists the deleted tasks that can still be restored, latest first.
func (f *Function) trash(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	after, limit, err := pageOf(r, parseTrashCursor)
	if err != nil {
		return err
	}
	found, more, err := f.tasks.Trash(r.Context(), who, after, limit)
	if err != nil {
		return err
	}
	answer := page[store.Trashed]{Items: append([]store.Trashed{}, found...)}
	if more {
		last := found[len(found)-1]
		next := trashCursor(store.TrashKey{DeletedAt: last.DeletedAt, ID: last.Task.ID})
		answer.NextCursor = &next
	}
	httpapi.WriteJSON(w, http.StatusOK, answer)
	return nil
}

// maxPurged is how many tasks of the trash one request deletes for good, with what was deleted with them.
const maxPurged = 200

// emptyTrash deletes for good what is in the trash, oldest first, or the first part of it.
func (f *Function) emptyTrash(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	for limit := maxPurged; ; limit = max(limit/4, 1) {
		ids, more, err := f.tasks.Oldest(r.Context(), who, limit)
		if err != nil {
			return err
		}
		err = f.execute(w, r, who, nil, task.Purge{IDs: ids}, func(o task.Outcome) idempotency.Answer {
			return httpapi.JSONAnswer(http.StatusOK, emptied{Deleted: len(o.Batch), More: more}, nil)
		})
		if limit == 1 || !fault.Is(err, fault.TooLarge) {
			return err
		}
	}
}

type emptied struct {
	Deleted int  `json:"deleted"` // without what was deleted with them
	More    bool `json:"more"`
}

// purge deletes one task of the trash for good.
func (f *Function) purge(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	id, err := taskID(r)
	if err != nil {
		return err
	}
	return f.execute(w, r, who, nil, task.Purge{IDs: []uuid.UUID{id}, Given: true}, func(task.Outcome) idempotency.Answer {
		return idempotency.Answer{Status: http.StatusNoContent}
	})
}

func trashCursor(key store.TrashKey) string {
	return base64.RawURLEncoding.EncodeToString([]byte(key.DeletedAt.UTC().Format(time.RFC3339Nano) + " " + key.ID.String()))
}

func parseTrashCursor(fs *fault.Fields, s string) (key store.TrashKey) {
	if s == "" {
		return key
	}
	text, err := base64.RawURLEncoding.DecodeString(s)
	at, id, _ := strings.Cut(string(text), " ")
	if err == nil {
		key.DeletedAt, err = time.Parse(time.RFC3339Nano, at)
	}
	if err == nil {
		key.ID, err = uuid.Parse(id)
	}
	if err != nil {
		fs.Add("/cursor", "is not one that this list gave out")
	}
	return key
}
