package fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"taskwire.dev/shared/fault"
)

func fields(n int) error {
	var fs fault.Fields
	for i := range n {
		fs.Add(fmt.Sprintf("/m%d", i), "is wrong")
	}
	return fs.Err()
}

// TestFields_AtMost20AreListed: however the errors are collected, at most 20 are listed, and the detail says if there are more.
func TestFields_AtMost20AreListed(t *testing.T) {
	t.Parallel()
	inner := func(n int) error {
		var fs fault.Fields
		fs.AddUnder("/operations/0", fields(n))
		return fs.Err()
	}
	for _, c := range []struct {
		name   string
		err    error
		listed int
		more   bool
	}{
		{"one", fields(1), 1, false},
		{"as many as are listed", fields(20), 20, false},
		{"one more", fields(21), 20, true},
		{"a million", fields(1_000_000), 20, true},
		{"inside another", fault.Under("/task", fields(21)), 20, true},
		{"collected from another", inner(20), 20, false},
		{"collected from another with more", inner(21), 20, true},
	} {
		var f *fault.Error
		if !errors.As(c.err, &f) || len(f.Fields) != c.listed || f.More != c.more {
			t.Errorf("%s: %v", c.name, c.err)
			continue
		}
		if says := strings.Contains(f.Detail, "only the first 20 errors are listed"); says != c.more {
			t.Errorf("%s: %q", c.name, f.Detail)
		}
	}
	if err := fields(0); err != nil {
		t.Error(err)
	}
}

// TestFields_TextIsCut: a member name or a value of megabytes is not repeated in the answer.
func TestFields_TextIsCut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("x", 4<<20), strings.Repeat("ä", 2<<20), strings.Repeat("~0", 2<<20), strings.Repeat("~1", 2<<20)} {
		var fs fault.Fields
		fs.Add("/"+name, "%s", name)
		var f *fault.Error
		if err := fault.Under("/operations/99", fs.Err()); !errors.As(err, &f) {
			t.Fatal(err)
		}
		pointer, detail := f.Fields[0].Pointer, f.Fields[0].Detail
		if len(pointer) > 130 || len(detail) > 250 || !utf8.ValidString(pointer+detail) || !strings.HasSuffix(pointer, "…") || !strings.HasSuffix(detail, "…") {
			t.Errorf("%.10q: %q, %q", name, pointer, detail)
		}
		if rest := strings.NewReplacer("~0", "", "~1", "").Replace(pointer); strings.Contains(rest, "~") {
			t.Errorf("%q is not a JSON Pointer", pointer)
		}
	}
}
