package httpapi

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"taskwire.dev/shared/fault"
)

// Query parses the parameters of r's URL strictly: it returns a Malformed fault instead of silently dropping malformed ones.
func Query(r *http.Request) (url.Values, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.Wrap(fault.Malformed, err, "the query of the URL is malformed")
	}
	return values, nil
}

// Parameters adds a fault for each parameter in v that is not one of names, and for each that is there twice: a request that is
// not wholly understood does nothing. The faults are in the order of the names, so that the same request always has the same.
func Parameters(fs *fault.Fields, v url.Values, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if !slices.Contains(names, name) {
			fs.Add(pointer(name), "is not a parameter of this request")
		} else if len(v[name]) > 1 {
			fs.Add(pointer(name), "appears more than once")
		}
	}
}

// IsText reports whether PostgreSQL stores s as text: it is UTF-8 without NUL.
func IsText(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }

// Text adds a fault for each parameter in v with a value that is not text (IsText). The order is that of Parameters.
func Text(fs *fault.Fields, v url.Values) {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if slices.ContainsFunc(v[name], func(s string) bool { return !IsText(s) }) {
			fs.Add(pointer(name), "is not text")
		}
	}
}

// Boolean reads a parameter that is true or false; nil is neither: it is absent, or has no value.
func Boolean(fs *fault.Fields, v url.Values, name string) *bool {
	s := v.Get(name)
	if s == "" {
		return nil
	}
	is := s == "true"
	if !is && s != "false" {
		fs.Add(pointer(name), "must be true or false")
	}
	return &is
}

// pointer returns the JSON Pointer of a parameter, as if the query were an object.
func pointer(name string) string { return string(jsontext.Pointer("").AppendToken(name)) }

// Limits of a page of any list.
const (
	DefaultLimit = 50
	MaxLimit     = 200
)

// Limit reads the parameter limit of any list.
func Limit(fs *fault.Fields, v url.Values) int {
	if !v.Has("limit") {
		return DefaultLimit
	}
	n, err := strconv.Atoi(v.Get("limit"))
	if err != nil || n < 1 || n > MaxLimit {
		fs.Add("/limit", "must be 1 to %d", MaxLimit)
		return DefaultLimit
	}
	return n
}
