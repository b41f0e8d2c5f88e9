package httpapi_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

func TestDecodeJSON(t *testing.T) {
	t.Parallel()
	type inner struct {
		Rule string `json:"rule"`
	}
	type outer struct {
		Title *string         `json:"title"`
		Inner *inner          `json:"inner"`
		List  []inner         `json:"list"`
		Raw   json.RawMessage `json:"raw"`
		Flag  bool            `json:"flag"`
		N     *int            `json:"n"`
	}
	for body, want := range map[string][]string{
		`{"title":"a","inner":{"rule":"x"},"list":[{"rule":"y"}],"raw":{"anything":[{"goes":1}]}}`: nil,
		`{}`:                                  nil,
		`null`:                                {""},
		`{"TITLE":"a"}`:                       {"/TITLE"},
		`{"title":"a","title":"b"}`:           {"/title"},
		`{"title":"a","\u0074itle":"b"}`:      {"/title"},
		`{"colour":1,"inner":{"colour":2}}`:   {"/colour", "/inner/colour"},
		`{"list":[{"rule":"a"},{"a/b~c":1}]}`: {"/list/1/a~1b~0c"},
		`{"raw":{"a":1,"a":2}}`:               {"/raw/a"},
		`{"raw":1e999999999}`:                 nil,
		`{"title":1e999}`:                     {"/title"},
		`1e999999999`:                         {""},
		`{"":1}`:                              {"/"},
		`{"title":1}`:                         {"/title"},
		`{"inner":{"rule":[]}}`:               {"/inner/rule"},
		`{"title":1,"colour":2,"list":[{"x":1}]}`: {"/title", "/colour", "/list/0/x"},
		`{"list":[null]}`:                         nil,
		`{"list":[1,2]}`:                          {"/list/0", "/list/1"},
		`{"list":{}}`:                             {"/list"},
		`{"flag":false,"n":-5}`:                   nil,
		`{"flag":0,"n":1.5}`:                      {"/flag", "/n"},
		`{"n":99999999999999999999}`:              {"/n"},
		`[]`:                                      {""},
	} {
		var v outer
		err := httpapi.DecodeJSON([]byte(body), &v)
		var f *fault.Error
		if errors.As(err, &f) != (want != nil) {
			t.Errorf("%s: %v", body, err)
			continue
		}
		var got []string
		if f != nil {
			for _, field := range f.Fields {
				got = append(got, field.Pointer)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", body, got, want)
		}
	}
	for _, body := range []string{``, ` `, `{`, `{"title":"a",}`, `{"title":"a"}x`, `{"title":"a"}{}`, "{\"title\":\"\xff\"}", `{"title":"\ud800"}`, `{'a':1}`, `[`, `{"raw":[1,}`} {
		var v outer
		if err := httpapi.DecodeJSON([]byte(body), &v); !fault.Is(err, fault.Malformed) {
			t.Errorf("%q: %v", body, err)
		}
	}
	for _, body := range []string{"\ufeff{\"title\":\"a\"}", "\ufeff"} {
		var v outer
		if err := httpapi.DecodeJSON([]byte(body), &v); !fault.Is(err, fault.Malformed) || !strings.Contains(err.Error(), "byte order mark") {
			t.Errorf("%q: %v", body, err)
		}
	}
}
