package cloudevent

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// Parse parses a structured-mode CloudEvent in JSON (JSON format 1.0.2), as in a record of a topic. It is as strict as the REST
// API, unlike the SDK's reader, which takes the last of repeated members, truncates numbers and loses bytes of data_base64
// (docs/decisions/0019-cloudevents-input.md).
func Parse(record []byte) (cloudevents.Event, error) {
	if text := bytes.TrimLeft(record, " \t\r\n"); len(text) > 0 && text[0] != '{' {
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is not a CloudEvent: it is not a JSON object")
	}
	var members map[string]json.RawMessage
	if err := httpapi.DecodeJSON(record, &members); err != nil {
		return cloudevents.Event{}, err
	}
	if members["specversion"] == nil {
		return cloudevents.Event{}, fault.New(fault.Malformed, "this is not a CloudEvent: specversion is missing")
	}
	data, encoded := members["data"], members["data_base64"]
	delete(members, "data")
	delete(members, "data_base64")
	event := cloudevents.NewEvent()
	for _, name := range slices.Sorted(maps.Keys(members)) { // sorted, so that the same event always has the same fault
		value, err := attributeValue(name, members[name])
		if err == nil && value != nil {
			err = setAttribute(&event, name, value)
		}
		if err != nil {
			return cloudevents.Event{}, err
		}
	}
	if err := setData(&event, data, encoded); err != nil {
		return cloudevents.Event{}, err
	}
	return event, check(event)
}

// attributeValue returns a string, a bool or an int32, or nil for null, which means no attribute.
func attributeValue(name string, raw json.RawMessage) (any, error) {
	switch raw[0] {
	case '"':
		var s string
		err := json.Unmarshal(raw, &s)
		return s, err
	case 't', 'f':
		return raw[0] == 't', nil
	case 'n':
		return nil, nil
	case '{', '[':
		return nil, fault.New(fault.Malformed, "the attribute %.40q must be a string, a boolean or an integer", name)
	default:
		n, err := strconv.ParseInt(string(raw), 10, 32)
		if err != nil {
			return nil, fault.New(fault.Malformed, "the attribute %.40q must be a 32-bit integer without a fraction or an exponent", name)
		}
		return int32(n), nil
	}
}

// setData sets the data: JSON as written, the content of a string if the data is not JSON, or bytes.
func setData(event *cloudevents.Event, data, encoded json.RawMessage) error {
	if string(encoded) == "null" {
		encoded = nil
	}
	switch {
	case encoded != nil && data != nil:
		return fault.New(fault.Malformed, "the event has both data and data_base64")
	case encoded != nil:
		var text string
		if err := json.Unmarshal(encoded, &text); err != nil {
			return fault.New(fault.Malformed, "data_base64 must be a string")
		}
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fault.Wrap(fault.Malformed, err, "data_base64 is not base64 (RFC 4648, section 4)")
		}
		event.DataEncoded, event.DataBase64 = decoded, true
	case data != nil && data[0] == '"' && !isJSON(event.DataContentType()):
		var text string
		if err := json.Unmarshal(data, &text); err != nil {
			return fault.Wrap(fault.Malformed, err, "data is not a JSON string")
		}
		event.DataEncoded = []byte(text)
	default:
		event.DataEncoded = data
	}
	return nil
}

// isJSON reports whether data of that type is JSON, which is the default.
func isJSON(contentType string) bool {
	mediaType, _, _ := strings.Cut(strings.ToLower(contentType), ";")
	mediaType = strings.TrimSpace(mediaType)
	return mediaType == "" || strings.HasSuffix(mediaType, "/json") || strings.HasSuffix(mediaType, "+json")
}
