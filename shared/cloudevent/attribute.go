package cloudevent

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/wallclock"
)

// setAttribute sets a received attribute: a context attribute, or an extension, whose value may also be a bool or an int32.
func setAttribute(event *cloudevents.Event, name string, value any) error {
	if !nameIsValid(name) {
		return fault.New(fault.Malformed, "the attribute name %.40q may contain only lower-case letters and digits", name)
	}
	text, isText := value.(string)
	if isText && !textIsValid(text) {
		return fault.New(fault.Malformed, "the attribute %s contains a character that CloudEvents forbids, such as a control character", name)
	}
	set, ok := contextAttributes[name]
	switch {
	case !ok:
		event.SetExtension(name, value) // Validate checks it
	case !isText:
		return fault.New(fault.Malformed, "the attribute %s must be a string", name)
	case name == "specversion" && text != cloudevents.VersionV1:
		return fault.New(fault.Malformed, "specversion must be %s", cloudevents.VersionV1)
	case !set(event, text):
		return fault.New(fault.Malformed, "the attribute %s does not have its CloudEvents 1.0 type", name)
	}
	return nil
}

// contextAttributes set the attributes that CloudEvents defines, and report whether the value has the right type.
var contextAttributes = map[string]func(*cloudevents.Event, string) bool{
	"specversion":     func(*cloudevents.Event, string) bool { return true }, // already set
	"id":              func(e *cloudevents.Event, s string) bool { e.SetID(s); return true },
	"type":            func(e *cloudevents.Event, s string) bool { e.SetType(s); return true },
	"subject":         func(e *cloudevents.Event, s string) bool { e.SetSubject(s); return s != "" },
	"datacontenttype": func(e *cloudevents.Event, s string) bool { e.SetDataContentType(s); return true },
	"source": func(e *cloudevents.Event, s string) bool {
		_, err := parseURI(s)
		e.SetSource(s)
		return err == nil
	},
	"dataschema": func(e *cloudevents.Event, s string) bool {
		u, err := parseURI(s)
		e.SetDataSchema(s)
		return err == nil && u.IsAbs()
	},
	"time": func(e *cloudevents.Event, s string) bool {
		t, err := wallclock.ParseInstant(s)
		e.SetTime(t)
		return err == nil
	},
}

// parseURI parses a URI reference (RFC 3986, 4.1), which has no spaces: net/url takes those.
func parseURI(s string) (*url.URL, error) {
	if strings.Contains(s, " ") {
		return nil, fmt.Errorf("%q has a space", s)
	}
	return url.Parse(s)
}

func nameIsValid(name string) bool {
	for _, c := range []byte(name) {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return name != "" && name != "data"
}

// textIsValid reports whether s is a String of CloudEvents: no control characters and no noncharacters.
func textIsValid(s string) bool {
	for _, c := range s {
		if c < 0x20 || c >= 0x7f && c <= 0x9f || c >= 0xfdd0 && c <= 0xfdef || c&0xfffe == 0xfffe {
			return false
		}
	}
	return utf8.ValidString(s)
}
