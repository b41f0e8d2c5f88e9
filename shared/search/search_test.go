package search_test

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"taskwire.dev/shared/search"
)

//go:embed cases.json
var cases []byte

type example struct {
	Name, Text, Query string
	Found             bool
}

func examples(t *testing.T) (all []example) {
	t.Helper()
	if err := json.Unmarshal(cases, &all); err != nil || len(all) < 70 {
		t.Fatalf("%d cases, %v", len(all), err)
	}
	return all
}

func found(text, query string) bool {
	for _, term := range search.Terms(query) {
		if !strings.Contains(search.Text(text, ""), term) {
			return false
		}
	}
	return true
}

// indexed reports whether the keys of the query are among those of the text.
func indexed(user uuid.UUID, text, query string) bool {
	keys := search.Keys(user, search.Text(text, ""), nil)
	has := func(key int32) bool { return slices.Contains(keys, key) }
	all, oneOf := search.QueryKeys(user, search.Terms(query), nil)
	return !slices.ContainsFunc(all, func(key int32) bool { return !has(key) }) && (oneOf == nil || slices.ContainsFunc(oneOf, has))
}

func TestWhatASearchFinds(t *testing.T) {
	t.Parallel()
	user := uuid.New()
	for _, c := range examples(t) {
		if got := found(c.Text, c.Query); got != c.Found {
			t.Errorf("%s: %q in %q: %t", c.Name, c.Query, c.Text, got)
		}
		if c.Found && !indexed(user, c.Text, c.Query) {
			t.Errorf("%s: the index does not find %q in %q", c.Name, c.Query, c.Text)
		}
	}
}

// TestEveryPartIsFound: any part of a text finds it, as it is or folded, and the index leads to it.
func TestEveryPartIsFound(t *testing.T) {
	t.Parallel()
	user := uuid.New()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		folded := search.Fold(text)
		if again := search.Fold(folded); again != folded {
			t.Fatalf("%+q folds to %+q, then to %+q", text, folded, again)
		}
		runes := []rune(folded)
		from := rapid.IntRange(0, len(runes)).Draw(t, "from")
		part := string(runes[from:rapid.IntRange(from, len(runes)).Draw(t, "to")])
		if search.Fold(part) != part {
			return // such as a mark that composes with nothing before it
		}
		if !found(text, part) || !indexed(user, text, part) {
			t.Fatalf("%+q is not found in %+q", part, text)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("Straße ﬃ ΟΔΥΣΣΕΥΣ ❤️")
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.ValidString(text) && search.Fold(search.Fold(text)) != search.Fold(text) {
			t.Errorf("%+q", text)
		}
	})
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"a": true, "。": true, "❤️": true, "\u0301a": true, "": false, " \t": false, "\u200b\u200d": false, "\ufe0f": false,
		"\u3164": false, "\u2060\u00ad": false, "\u3000": false, "\u202e": false, "\u2800": false, "\U000e0020": false,
	} {
		if search.Visible(text) != want {
			t.Errorf("%+q: %t", text, !want)
		}
	}
}

// A text of characters that unfold does not grow without bound, and one with a few of them is folded.
func TestTextIsAtMostTwiceAsLong(t *testing.T) {
	t.Parallel()
	for _, unfolds := range []string{"\ufdfa", "㌖", "½"} {
		long := strings.Repeat(unfolds, 10_000)
		if text := search.Text("a", long); len(text) > 2*len(long)+66 {
			t.Errorf("%s: %d bytes of %d", unfolds, len(text), len(long))
		}
		if text := search.Text(unfolds, ""); text != search.Fold(unfolds)+"\n" {
			t.Errorf("%s: %q", unfolds, text)
		}
	}
}
