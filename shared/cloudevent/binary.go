package cloudevent

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
)

const (
	headerPrefix      = "Ce-"
	headerSpecVersion = "Ce-Specversion" // every event in binary mode has this header
)

// fromBinary reads an event whose attributes are in the headers (HTTP protocol binding, 3.1). Content-Type is that of its data,
// even if it is a CloudEvents media type.
func fromBinary(header http.Header, body []byte) (cloudevents.Event, error) {
	event := cloudevents.NewEvent()
	for _, name := range slices.Sorted(maps.Keys(header)) {
		attribute, ok := strings.CutPrefix(name, headerPrefix)
		if attribute = strings.ToLower(attribute); !ok {
			continue
		}
		if attribute == "datacontenttype" {
			return cloudevents.Event{}, fault.New(fault.Malformed, "in binary mode datacontenttype is the header Content-Type")
		}
		if len(header[name]) != 1 {
			return cloudevents.Event{}, fault.New(fault.Malformed, "the header ce-%s is given twice", attribute)
		}
		value, err := headerValue(header[name][0])
		if err != nil {
			return cloudevents.Event{}, fault.Wrap(fault.Malformed, err, "the header ce-"+attribute+" is not percent-encoded: write % as %25")
		}
		if err := setAttribute(&event, attribute, value); err != nil {
			return cloudevents.Event{}, err
		}
	}
	switch types := header["Content-Type"]; {
	case len(types) > 1:
		return cloudevents.Event{}, fault.New(fault.Malformed, "the header Content-Type is given twice")
	case len(types) == 1:
		if err := setAttribute(&event, "datacontenttype", types[0]); err != nil {
			return cloudevents.Event{}, err
		}
	}
	if len(body) > 0 {
		event.DataEncoded = body
	}
	return event, check(event)
}

// headerValue unquotes a value if it is quoted, and decodes it once (HTTP protocol binding, 3.1.3.2).
func headerValue(value string) (string, error) {
	if len(value) > 1 && value[0] == '"' && value[len(value)-1] == '"' {
		value = unquote(value[1 : len(value)-1])
	}
	if !strings.Contains(value, "%") {
		return value, nil
	}
	return url.PathUnescape(value)
}

// unquote removes the escaping backslashes of a quoted string (RFC 9110, 5.6.4).
func unquote(quoted string) string {
	var b strings.Builder
	for i := 0; i < len(quoted); i++ {
		if quoted[i] == '\\' && i+1 < len(quoted) {
			i++
		}
		b.WriteByte(quoted[i])
	}
	return b.String()
}
