package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"taskwire.dev/shared/fault"
)

// checkMembers notes the members of body, which is JSON, that type t does not have, and those that are there twice.
// encoding/json takes "TITLE" for "title" and the last of two; what a reader of the same body in another place
// would take for something else is refused here (RFC 8259, 4).
func checkMembers(body []byte, t reflect.Type) error {
	w := walker{d: json.NewDecoder(bytes.NewReader(body))}
	w.d.UseNumber() // a number that no float64 holds is a number still
	if bytes.Equal(bytes.TrimSpace(body), []byte("null")) && t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		w.fs.Add("", "must be an object")
	}
	if err := w.value(t, ""); err != nil {
		return err
	}
	return w.fs.Err()
}

type walker struct {
	d  *json.Decoder
	fs fault.Fields
}

// value reads one value. A nil t is a value whose members are not ours to judge.
func (w *walker) value(t reflect.Type, pointer string) error {
	token, err := w.d.Token()
	if err != nil {
		return err
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch token {
	case json.Delim('{'):
		return w.object(t, pointer)
	case json.Delim('['):
		var element reflect.Type
		if t != nil && t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 { // json.RawMessage is bytes
			element = t.Elem()
		}
		for i := 0; w.d.More(); i++ {
			if err := w.value(element, pointer+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
		_, err = w.d.Token()
	}
	return err
}

// escape makes a name a part of a JSON pointer (RFC 6901, 3).
var escape = strings.NewReplacer("~", "~0", "/", "~1")

func (w *walker) object(t reflect.Type, pointer string) error {
	seen := map[string]bool{}
	for w.d.More() {
		token, err := w.d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string)
		at := pointer + "/" + escape.Replace(name)
		if seen[name] {
			w.fs.Add(at, "is given twice")
		}
		seen[name] = true
		var member reflect.Type
		if t != nil && t.Kind() == reflect.Struct {
			if member = memberType(t, name); member == nil {
				w.fs.Add(at, "is not a member of this object")
			}
		}
		if err := w.value(member, at); err != nil {
			return err
		}
	}
	_, err := w.d.Token()
	return err
}

// memberType is the type of the member of that very name, or nil.
func memberType(t reflect.Type, name string) reflect.Type {
	known, ok := memberTypes.Load(t)
	if !ok {
		members := map[string]reflect.Type{}
		for i := range t.NumField() {
			if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); tag != "" {
				members[tag] = t.Field(i).Type
			}
		}
		known, _ = memberTypes.LoadOrStore(t, members)
	}
	return known.(map[string]reflect.Type)[name]
}

// memberTypes holds the members of each struct, a map[string]reflect.Type, by its reflect.Type: reading the tags is
// most of what checking a small body takes.
var memberTypes sync.Map
