package function

import (
	"net/http"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// pageOf reads which page of a list without filters a request asks for: what comes after the cursor, and at most limit items. parse
// reads the cursor, which is "" for the first page. others are further parameters of the list, which the caller reads.
func pageOf[K any](r *http.Request, parse func(fs *fault.Fields, cursor string) K, others ...string) (after K, limit int, err error) {
	values, err := httpapi.Query(r)
	if err != nil {
		return after, 0, err
	}
	var fs fault.Fields
	httpapi.Parameters(&fs, values, append(others, "limit", "cursor")...)
	limit = httpapi.Limit(&fs, values)
	after = parse(&fs, values.Get("cursor"))
	return after, limit, fs.Err()
}

// boolean reads a parameter that is true or false, by default false.
func boolean(r *http.Request, name string) (bool, error) {
	var fs fault.Fields
	given := httpapi.Boolean(&fs, r.URL.Query(), name)
	return given != nil && *given, fs.Err()
}
