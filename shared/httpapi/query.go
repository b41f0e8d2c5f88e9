package httpapi

import (
	"net/http"
	"net/url"

	"taskwire.dev/shared/fault"
)

// Query reads the parameters of r's URL strictly: what cannot be read must not be left out silently. The fault is
// Malformed.
func Query(r *http.Request) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.Wrap(fault.Malformed, err, "the query of the URL cannot be read")
	}
	return values, nil
}
