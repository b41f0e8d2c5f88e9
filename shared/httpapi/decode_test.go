package httpapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"testing"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

// input has members of all kinds, such as the body of POST /api/todos.
type input struct {
	Title       *string  `json:"title"`
	Description *string  `json:"description"`
	Completed   *bool    `json:"completed"`
	Priority    *string  `json:"priority"`
	Project     *string  `json:"project"`
	Tags        []string `json:"tags"`
	DueAt       *string  `json:"due_at"`
	Timezone    *string  `json:"timezone"`
	Reminders   []string `json:"reminders"`
	Recurrence  *struct {
		RRule *string `json:"rrule"`
		Mode  *string `json:"mode"`
	} `json:"recurrence"`

	ID      json.RawMessage `json:"id,omitempty"`
	Version json.RawMessage `json:"version,omitempty"`
}

// TestDecodeJSON_Values: the result is that of encoding/json.
func TestDecodeJSON_Values(t *testing.T) {
	t.Parallel()
	body := `{ "title" : "a\"\u00e4\ud83d\ude00", "completed":true, "tags" : [ "x" , null,"y" ],"reminders":null,
"recurrence":{"rrule":"FREQ=DAILY","mode":null}, "id" : {"a": [1, 2 ]} , "version":  3, "t\u0069mezone":"UTC"}`
	var got, want input
	if err := httpapi.DecodeJSON([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(body), &want); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("%s\nnot %s", a, b)
	}
	if string(got.ID) != `{"a": [1, 2 ]}` || string(got.Version) != "3" {
		t.Errorf("raw: %q %q", got.ID, got.Version)
	}
	var members map[string]json.RawMessage
	if err := httpapi.DecodeJSON([]byte(`{"position" : null,"a":"b"}`), &members); err != nil || len(members) != 2 ||
		string(members["position"]) != "null" || string(members["a"]) != `"b"` {
		t.Errorf("%q, %v", members, err)
	}
}

// JSON Schema and RFC 8785 hold the forms of a number for one value.
func TestDecodeJSON_WholeNumbersInAllForms(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]int64{
		"90": 90, "90.0": 90, "9e1": 90, "9.0E+1": 90, "-900e-1": -90, "-0.0": 0,
		"9223372036854775807": math.MaxInt64, "9007199254740991.0": 1<<53 - 1,
	} {
		var in struct {
			N int64 `json:"n"`
		}
		if err := httpapi.DecodeJSON([]byte(`{"n":`+given+`}`), &in); err != nil || in.N != want {
			t.Errorf("%s: %d, %v, want %d", given, in.N, err, want)
		}
	}
	for _, given := range []string{"90.5", "1e-1", "9223372036854775808", "9007199254740993.0", "1e300", "1e999"} {
		var in struct {
			N int64 `json:"n"`
		}
		if err := httpapi.DecodeJSON([]byte(`{"n":`+given+`}`), &in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %d, %v", given, in.N, err)
		}
	}
}

func TestDecodeJSON_UnknownFieldSuggestsAName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"titel": `is an unknown field; did you mean "title"?`, "TITLE": `is an unknown field; did you mean "title"?`,
		"dueAt": `is an unknown field; did you mean "due_at"?`, "colour": "is an unknown field", "": "is an unknown field",
		strings.Repeat("x", 900): "is an unknown field",
	} {
		var in input
		err := httpapi.DecodeJSON(fmt.Appendf(nil, "{%q:1}", name), &in)
		if f := fault.From(err); len(f.Fields) != 1 || f.Fields[0].Detail != want {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// hostile are bodies of about 4 MB whose decoding or response took many times their size.
func hostile() map[string][]byte {
	const size = 4 << 20
	many := func(before, one, after string) []byte {
		return []byte(before + strings.TrimSuffix(strings.Repeat(one+",", size/(len(one)+1)), ",") + after)
	}
	var names strings.Builder
	for i := 0; names.Len() < size; i++ {
		fmt.Fprintf(&names, `,"m%d":0`, i)
	}
	return map[string][]byte{
		"unknown members":   []byte("{" + names.String()[1:] + "}"),
		"members of an id":  []byte(`{"id":{` + names.String()[1:] + "}}"),
		"items of an id":    many(`{"id":[`, "{}", "]}"),
		"tags":              many(`{"tags":[`, `"a"`, "]}"),
		"tags of no type":   many(`{"tags":[`, "{}", "]}"),
		"deep":              []byte(`{"id":` + strings.Repeat("[", size/2) + strings.Repeat("]", size/2) + "}"),
		"deep and unknown":  []byte(`{"x":` + strings.Repeat(`{"x":`, size/5)),
		"one long name":     []byte(`{"` + strings.Repeat("~", size) + `":1}`),
		"one long escaped":  []byte(`{"` + strings.Repeat(`\u0001`, size/6) + `":1}`),
		"one long number":   []byte(`{"title":` + strings.Repeat("1", size) + `}`),
		"repeated member":   many("{", `"title":"a"`, "}"),
		"spaces":            []byte(`{"x":1` + strings.Repeat(" ", size) + `}`),
		"broken at the end": []byte(`{"description":"` + strings.Repeat("x", size)),
	}
}

// TestDecodeJSON_HostileBodies: each is refused with a short response, using little more memory than the body.
func TestDecodeJSON_HostileBodies(t *testing.T) { // not parallel: it measures
	for name, body := range hostile() {
		var in input
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := httpapi.DecodeJSON(body, &in)
		runtime.ReadMemStats(&after)
		f := fault.From(err)
		if err == nil || f.Code == fault.Internal {
			t.Errorf("%s: %v", name, err)
			continue
		}
		said, _ := json.Marshal(httpapi.Problem{Detail: f.Detail, Errors: f.Fields})
		if len(said) > 32<<10 {
			t.Errorf("%s: an error of %d bytes", name, len(said))
		}
		// Names are copied for the lookup.
		if took := after.TotalAlloc - before.TotalAlloc; took > 24<<20 {
			t.Errorf("%s: %d bytes were allocated for a body of %d", name, took, len(body))
		} else {
			t.Logf("%-18s %7d kB allocated, %5d bytes of error: %v", name, took>>10, len(said), fault.Cut(f.Detail, 80))
		}
	}
}

func TestDecodeJSON_StopsAtTheLimit(t *testing.T) {
	t.Parallel()
	many := func(n int) []byte {
		return []byte(`{"tags":[` + strings.TrimSuffix(strings.Repeat(`"a",`, n), ",") + `]}`)
	}
	var in input
	if err := httpapi.DecodeJSON(many(100), &in); err != nil || len(in.Tags) != 100 {
		t.Errorf("%d, %v", len(in.Tags), err)
	}
	err := httpapi.DecodeJSON(many(101), &in)
	var f *fault.Error
	if !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Pointer != "/tags" {
		t.Errorf("%v", err)
	}
}

func FuzzDecodeJSON(f *testing.F) {
	for name := range map[string]bool{`{"title":"a","tags":["b"],"id":{"a":[null]}}`: true, `[]`: true, `{"recurrence":{"rrule":1}}`: true} {
		f.Add([]byte(name))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want input
		err := httpapi.DecodeJSON(body, &got)
		if err == nil {
			if err := json.Unmarshal(body, &want); err != nil {
				t.Fatalf("%q was accepted, but is not JSON: %v", body, err)
			}
			a, _ := json.Marshal(got)
			b, _ := json.Marshal(want)
			if string(a) != string(b) {
				t.Fatalf("%q: %s, not %s", body, a, b)
			}
		}
	})
}
