package cloudevent

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cloudevents "github.com/cloudevents/sdk-go/v2"

	"taskwire.dev/shared/fault"
)

func post(header map[string]string, body string) (cloudevents.Event, error) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	for name, value := range header {
		r.Header[name] = strings.Split(value, "\n") // separates two headers of the same name
	}
	return FromRequest(httptest.NewRecorder(), r)
}

func takeStructured(members string) (cloudevents.Event, error) {
	return post(map[string]string{"Content-Type": StructuredJSON}, members)
}

// The SDK's reader loses bytes of data_base64 if a space precedes it and datacontenttype does not.
func TestStructured_ReadsDataInAnyPosition(t *testing.T) {
	t.Parallel()
	const base = `"specversion":"1.0","id":"1","source":"/x","type":"task.create"`
	for _, c := range []struct{ members, want string }{
		{base + `,"data":{"title":"a"}`, `{"title":"a"}`},
		{base + `,"data" : {"title": "a"} `, `{"title": "a"}`},
		{`"data": {"title":"a"},` + base, `{"title":"a"}`},
		{base + `,"data":null`, `null`},
		{base, ``},
		{base + `,"data_base64":"eyJ0aXRsZSI6ImEifQ=="`, `{"title":"a"}`},
		{base + `,"data_base64": "eyJ0aXRsZSI6ImEifQ=="`, `{"title":"a"}`},
		{`"data_base64" : "eyJ0aXRsZSI6ImEifQ==",` + base, `{"title":"a"}`},
		{`"data_base64": "eyJ0aXRsZSI6ImEifQ==",` + base + `,"datacontenttype":"application/json"`, `{"title":"a"}`},
		{base + `,"datacontenttype":"application/json","data_base64": "eyJ0aXRsZSI6ImEifQ=="`, `{"title":"a"}`},
		{base + `,"data_base64":null,"data":1`, `1`},
		{base + `,"datacontenttype":"text/plain","data":"caf\u00e9"`, `café`},
		{base + `,"datacontenttype":"application/merge-patch+json","data":"a"`, `"a"`},
	} {
		event, err := takeStructured("{" + c.members + "}")
		if err != nil || string(event.Data()) != c.want || event.ID() != "1" {
			t.Errorf("{%s}: got data %q, %v; want %q", c.members, event.Data(), err, c.want)
		}
	}
}

func TestStructured_ReadsAttributes(t *testing.T) {
	t.Parallel()
	event, err := takeStructured(`{"type":"t","source":"/x?y=1","id":"caf\u00e9 %41","specversion":"1.0","time":"2026-12-01T09:00:00.5+01:00","subject":"s",
		"dataschema":"https://example.org/s","datacontenttype":"text/plain","text":"a","yes":true,"number":-2147483648,"unset":null}`)
	if err != nil {
		t.Fatal(err)
	}
	if event.ID() != "café %41" || event.Source() != "/x?y=1" || event.Type() != "t" || event.Subject() != "s" ||
		event.DataSchema() != "https://example.org/s" || event.DataContentType() != "text/plain" || event.Time().UnixMilli() != 1796112000500 {
		t.Errorf("%v", event)
	}
	if x := event.Extensions(); len(x) != 3 || x["text"] != "a" || x["yes"] != true || x["number"] != int32(-2147483648) {
		t.Errorf("extensions %#v", x)
	}
}

func TestStructured_Refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		members string
		want    fault.Code
	}{
		"an id twice":              {`"id":"2"`, fault.Invalid},
		"data twice":               {`"data":1,"data":2`, fault.Invalid},
		"an extension twice":       {`"a":1,"a":1`, fault.Invalid},
		"a member twice in data":   {`"data":{"title":"a","title":"b"}`, fault.Invalid},
		"data in both forms":       {`"data":1,"data_base64":"MQ=="`, fault.Malformed},
		"data_base64 that is none": {`"data_base64":"?"`, fault.Malformed},
		"data_base64 no string":    {`"data_base64":1`, fault.Malformed},
		"an extension of 1.5":      {`"a":1.5`, fault.Malformed},
		"an extension of 1e3":      {`"a":1e3`, fault.Malformed},
		"an extension of 33 bits":  {`"a":2147483648`, fault.Malformed},
		"an extension object":      {`"a":{}`, fault.Malformed},
		"an extension array":       {`"a":[]`, fault.Malformed},
		"a control character":      {`"subject":"a\u0000"`, fault.Malformed},
		"a C1 control character":   {`"a":"\u0085"`, fault.Malformed},
		"a noncharacter":           {`"a":"\uffff"`, fault.Malformed},
		"a name in upper case":     {`"traceParent":"a"`, fault.Malformed},
		"a name with a hyphen":     {`"trace-parent":"a"`, fault.Malformed},
		"a number for a subject":   {`"subject":1`, fault.Malformed},
		"a time that is none":      {`"time":"now"`, fault.Malformed},
		"a relative dataschema":    {`"dataschema":"x"`, fault.Malformed},
		"half a surrogate pair":    {`"a":"\ud800"`, fault.Malformed},
	} {
		event, err := takeStructured(`{"specversion":"1.0","id":"1","source":"/x","type":"task.create",` + c.members + `}`)
		if !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, %v; want %s", name, event, err, c.want)
		}
	}
	for name, body := range map[string]string{
		"no id":          `{"specversion":"1.0","source":"/x","type":"t"}`,
		"an id of null":  `{"specversion":"1.0","id":null,"source":"/x","type":"t"}`,
		"an empty id":    `{"specversion":"1.0","id":"","source":"/x","type":"t"}`,
		"no specversion": `{"id":"1","source":"/x","type":"t"}`,
		"version 0.3":    `{"specversion":"0.3","id":"1","source":"/x","type":"t"}`,
		"version 1":      `{"specversion":1.0,"id":"1","source":"/x","type":"t"}`,
		"no subject":     `{"specversion":"1.0","id":"1","source":"/x","type":"t","subject":""}`,
		"a space":        `{"specversion":"1.0","id":"1","source":"/my laptop","type":"t"}`,
		"null":           `null`,
		"a list":         ` []`,
		"a number":       `1`,
	} {
		if event, err := takeStructured(body); !fault.Is(err, fault.Malformed) {
			t.Errorf("%s: got %v, %v", name, event, err)
		}
	}
}

func takeBinary(with map[string]string) (cloudevents.Event, error) {
	header := map[string]string{"Content-Type": "application/json", "Ce-Specversion": "1.0", "Ce-Id": "1", "Ce-Source": "/x", "Ce-Type": "t"}
	for name, value := range with {
		header[name] = value
	}
	return post(header, `{"title":"a"}`)
}

func TestBinary_DecodesValues(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"caf%C3%A9":        "café",
		"café":             "café",
		"caf%c3%a9":        "café",
		"100%25":           "100%",
		"%2541":            "%41", // a single round
		"a+b c":            "a+b c",
		`"a \"b\" \\ %25"`: `a "b" \ %`,
		`%22a%22`:          `"a"`,
		"%F0%9F%98%80":     "😀",
	} {
		event, err := takeBinary(map[string]string{"Ce-Id": given, "Ce-Subject": given, "Ce-Anything": given})
		if err != nil || event.ID() != want || event.Subject() != want || event.Extensions()["anything"] != want {
			t.Errorf("%s: got %q, %q, %v, %v; want %q", given, event.ID(), event.Subject(), event.Extensions(), err, want)
		}
		if string(event.Data()) != `{"title":"a"}` || event.DataContentType() != "application/json" {
			t.Errorf("%s: data %q of %q", given, event.Data(), event.DataContentType())
		}
	}
}

func TestBinary_Refuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ header, value string }{
		"no UTF-8, encoded":     {"Ce-Id", "%FF"},
		"no UTF-8":              {"Ce-Id", "\xff"},
		"half an encoding":      {"Ce-Id", "100%"},
		"no hexadecimal digits": {"Ce-Subject", "%zz"},
		"a NUL":                 {"Ce-Subject", "a%00"},
		"a line feed":           {"Ce-Anything", "%0A"},
		"a DEL":                 {"Ce-Anything", "%7f"},
		"a C1 control":          {"Ce-Anything", "%C2%85"},
		"a noncharacter":        {"Ce-Anything", "%EF%BF%BF"},
		"a surrogate":           {"Ce-Anything", "%ED%A0%80"},
		"an id twice":           {"Ce-Id", "1\n2"},
		"an extension twice":    {"Ce-Anything", "1\n1"},
		"two content types":     {"Content-Type", "application/json\ntext/plain"},
		"a hyphen in a name":    {"Ce-Trace-Parent", "a"},
		"data as an attribute":  {"Ce-Data", "a"},
		"a content type":        {"Ce-Datacontenttype", "application/json"},
		"a time that is none":   {"Ce-Time", "now"},
		"version 0.3":           {"Ce-Specversion", "0.3"},
	} {
		if event, err := takeBinary(map[string]string{c.header: c.value}); !fault.Is(err, fault.Malformed) {
			t.Errorf("%s: got %v, %v", name, event, err)
		}
	}
}

// ce-specversion means binary mode, whatever the content type: KafkaSource delivers a record that claims to be an event but is
// not one inside its own event.
func TestBinary_WhateverTheContentType(t *testing.T) {
	t.Parallel()
	for _, contentType := range []string{StructuredJSON, "application/cloudevents-batch+json", "", "text/plain"} {
		event, err := takeBinary(map[string]string{"Content-Type": contentType, "Ce-Type": "dev.knative.kafka.event"})
		if err != nil || event.Type() != "dev.knative.kafka.event" || string(event.Data()) != `{"title":"a"}` || event.DataContentType() != contentType {
			t.Errorf("%q: got %v, %v", contentType, event, err)
		}
	}
}

// Every accepted event can be encoded and read again.
func FuzzStructured(f *testing.F) {
	for _, body := range []string{
		`{"specversion":"1.0","id":"1","source":"/x","type":"t","data_base64": "MQ==","a":1,"b":true,"c":"d"}`,
		`{"specversion":"1.0","id":"1","source":"/x","type":"t","datacontenttype":"text/plain","data":"\u00e9"}`,
		`{"specversion":"1.0","id":"1","source":"/x","type":"t","time":"2026-12-01T08:00:00Z","data":{"a":[1.5]}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		event, err := Parse(body)
		if err != nil {
			return
		}
		again, err := event.MarshalJSON()
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		back, err := Parse(again)
		if err != nil || back.ID() != event.ID() || back.Source() != event.Source() || len(back.Extensions()) != len(event.Extensions()) {
			t.Fatalf("%s became %s: %v", body, again, err)
		}
	})
}

// The SDK collects what is wrong in a map.
func TestFaultsOfAnEventAreInTheSameOrderEachTime(t *testing.T) {
	t.Parallel()
	read := func() string {
		_, err := post(map[string]string{"Ce-Specversion": "1.0", "Content-Type": "application/json"}, `{}`)
		return fault.From(err).Detail
	}
	first := read()
	if strings.Count(first, "; ") < 2 {
		t.Fatalf("want several faults: %s", first)
	}
	for range 50 {
		if again := read(); again != first {
			t.Fatalf("%s\nthen %s", first, again)
		}
	}
}
