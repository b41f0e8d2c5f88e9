package httpapi

import (
	"fmt"
	"net/url"
	"testing"

	"taskwire.dev/shared/fault"
)

// A response in another order each time, or with another choice of the first errors, cannot be compared.
func TestParameters_AreRefusedInTheSameOrderEachTime(t *testing.T) {
	t.Parallel()
	v := url.Values{"limit": {"1", "2"}, "text": {"\x00"}}
	for i := range 2 * fault.MaxFields {
		v[fmt.Sprintf("x%02d", i)] = []string{"\xff"}
	}
	read := func() string {
		var parameters, text fault.Fields
		Parameters(&parameters, v, "limit", "text")
		Text(&text, v)
		return fmt.Sprint(parameters.Err(), text.Err())
	}
	first := read()
	for range 50 {
		if again := read(); again != first {
			t.Fatalf("%s\nthen %s", first, again)
		}
	}
}

func TestParameters_AreNamedByJSONPointers(t *testing.T) {
	t.Parallel()
	v, err := url.ParseQuery("~=1&a/b=1&=1&q=%00")
	if err != nil {
		t.Fatal(err)
	}
	var fs fault.Fields
	Parameters(&fs, v, "q")
	Text(&fs, v)
	var pointers []string
	for _, f := range fs {
		pointers = append(pointers, f.Pointer)
	}
	if got := fmt.Sprint(pointers); got != "[/ /a~1b /~0 /q]" {
		t.Error(got)
	}
}
