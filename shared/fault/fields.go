package fault

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of an error's content, which repeats client input: without them a body of 4 MB could cause a response of 25 MB.
const (
	MaxFields  = 20  // of one Error
	maxPointer = 120 // bytes
	maxDetail  = 240 // bytes, of a field
)

// Field names one invalid member of the input.
type Field struct {
	Pointer string `json:"field"` // a JSON Pointer (RFC 6901), such as "/due_at"
	Detail  string `json:"detail"`
}

// Fields collects the invalid members of an input, so that one response can list them together: the first MaxFields, each cut to
// a bounded length.
type Fields []Field

// Add records that the member at pointer is invalid.
func (fs *Fields) Add(pointer, format string, args ...any) {
	if fs.Full() {
		return
	}
	*fs = append(*fs, Field{Pointer: cutPointer(pointer), Detail: Cut(fmt.Sprintf(format, args...), maxDetail)})
}

// AddUnder records the errors in err, which are about the part of the input at prefix.
func (fs *Fields) AddUnder(prefix string, err error) {
	if err == nil {
		return
	}
	f := From(Under(prefix, err))
	if len(f.Fields) == 0 {
		fs.Add(prefix, "%s", f.Detail)
	}
	for _, field := range f.Fields {
		fs.Add(field.Pointer, "%s", field.Detail)
	}
	if f.More {
		fs.Add(prefix, "has more errors")
	}
}

// Full reports whether further errors would not be listed, so that validation can stop.
func (fs Fields) Full() bool { return len(fs) > MaxFields }

// Err returns nil if nothing was recorded, else an Invalid fault that lists the first MaxFields.
func (fs Fields) Err() error {
	switch {
	case len(fs) == 0:
		return nil
	case fs.Full():
		return &Error{
			Code: Invalid, Detail: fmt.Sprintf("the input is not valid; only the first %d errors are listed", MaxFields),
			Fields: fs[:MaxFields], More: true,
		}
	}
	return &Error{Code: Invalid, Detail: "the input is not valid", Fields: fs}
}

// Under returns err with prefix before each of its field pointers, for input nested in other input.
func Under(prefix string, err error) error {
	var f *Error
	if !errors.As(err, &f) || f.Code == Internal {
		return err
	}
	moved := *f
	moved.Fields = make([]Field, len(f.Fields))
	for i, field := range f.Fields {
		moved.Fields[i] = Field{Pointer: cutPointer(prefix + field.Pointer), Detail: field.Detail}
	}
	if len(moved.Fields) == 0 {
		moved.Fields = []Field{{Pointer: prefix, Detail: f.Detail}}
	}
	return &moved
}

// Cut returns s, shortened with an ellipsis if it is longer than that many bytes.
func Cut(s string, bytes int) string {
	if len(s) <= bytes {
		return s
	}
	const ellipsis = "…"
	end := bytes - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}

// cutPointer shortens a JSON Pointer without splitting an escape, "~0" or "~1".
func cutPointer(pointer string) string {
	if len(pointer) <= maxPointer {
		return pointer
	}
	const ellipsis = "…"
	return strings.TrimRight(strings.TrimSuffix(Cut(pointer, maxPointer), ellipsis), "~") + ellipsis
}
