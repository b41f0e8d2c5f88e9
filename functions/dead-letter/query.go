package function

import (
	"net/url"

	"github.com/google/uuid"

	"taskwire.dev/functions/dead-letter/internal/store"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

var parameters = []string{"status", "consumer", "topic", "type", "limit", "cursor"}

// parseQuery reads the parameters of GET /api/admin/dead-letters.
func parseQuery(v url.Values) (store.Query, error) {
	var fs fault.Fields
	httpapi.Parameters(&fs, v, parameters...)
	httpapi.Text(&fs, v)
	q := store.Query{Status: v.Get("status"), Consumer: v.Get("consumer"), Topic: v.Get("topic"), Type: v.Get("type")}
	switch q.Status {
	case "", store.Open, store.Redriven:
	case "all":
		q.Status = ""
	default:
		fs.Add("/status", "must be open, redriven or all")
	}
	q.Limit = httpapi.Limit(&fs, v)
	if cursor := v.Get("cursor"); cursor != "" {
		id, err := uuid.Parse(cursor)
		if err != nil || len(cursor) != 36 {
			fs.Add("/cursor", "is not a cursor of this list")
		}
		q.After = id
	}
	return q, fs.Err()
}
