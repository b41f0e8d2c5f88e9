package httpapi

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// fields are the fields of a struct by JSON name.
type fields map[string]int

// known caches the fields of each struct by its reflect.Type: parsing the tags would dominate decoding a small body.
var known sync.Map

func fieldsOf(t reflect.Type) fields {
	of, ok := known.Load(t)
	if !ok {
		all := fields{}
		for i := range t.NumField() {
			if name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ","); name != "" {
				all[name] = i
			}
		}
		of, _ = known.LoadOrStore(t, all)
	}
	return of.(fields)
}

// index returns the index of the field with a quoted name.
func (f fields) index(quoted []byte) (int, bool) {
	if bytes.IndexByte(quoted, '\\') < 0 {
		i, ok := f[string(quoted[1:len(quoted)-1])] // does not allocate
		return i, ok
	}
	i, ok := f[unquote(quoted)]
	return i, ok
}

func unquote(quoted []byte) string {
	name, _ := jsontext.AppendUnquote(nil, quoted) // valid: the decoder has read it
	return string(name)
}

// suggest returns the field that an unknown name probably means, as the end of a sentence.
func (f fields) suggest(quoted []byte) string {
	if len(quoted) > 40 {
		return ""
	}
	given, best, least := unquote(quoted), "", 3
	for name := range f {
		n := distance(strings.ToLower(given), name)
		if n < least && n < len(name) || n == least && best != "" && name < best {
			best, least = name, n
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the Levenshtein distance of two short texts, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
