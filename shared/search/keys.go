package search

import (
	"slices"
	"strings"

	"github.com/google/uuid"
)

// The index finds tasks by keys: one for each pair of neighbouring characters in a word, and for the project and each
// tag. A key is a hash of the user and the pair, so that one user's entries are apart from another's; whatever it finds
// is compared with the text itself. Pairs, not the usual triples, because a word in Chinese or Japanese has two
// characters; they also cost a write less than triples do.

// Keys returns the keys of a task with that Text and Names.
func Keys(user uuid.UUID, text string, names []string) []int32 {
	keys := make([]int32, 0, len(text)+len(names))
	for _, word := range strings.Fields(text) {
		keys = appendPairs(keys, user, word, true)
	}
	for _, name := range names {
		keys = append(keys, NameKey(user, name))
	}
	slices.Sort(keys)
	return slices.Clone(slices.Compact(keys)) // few are left of a long text
}

// QueryKeys returns keys that a task with all the terms and names has: all of the first, and one of the others, unless
// they are nil.
func QueryKeys(user uuid.UUID, terms, names []string) (all []int32, oneOf []int32) {
	all = []int32{}
	for _, name := range names {
		all = append(all, NameKey(user, name))
	}
	for _, term := range terms {
		if rest := []rune(term); len(rest) > 1 {
			all = appendPairs(all, user, term, false)
			continue
		} else if !plain(rest[0]) {
			all = append(all, key(user, term))
			continue
		}
		if oneOf != nil {
			continue // one such term is enough to find candidates
		}
		oneOf = []int32{key(user, term)}
		for _, next := range "abcdefghijklmnopqrstuvwxyz0123456789" {
			oneOf = append(oneOf, key(user, term+string(next)))
		}
	}
	return all, oneOf
}

// appendPairs appends the keys of a word. With single it has those of single characters too, as far as the pairs that
// begin with them do not say as much: pairs of plain characters are so few that a search for one tries them all.
func appendPairs(keys []int32, user uuid.UUID, word string, single bool) []int32 {
	last, start := rune(-1), 0
	for i, r := range word {
		if last >= 0 {
			keys = append(keys, key(user, word[start:i+len(string(r))]))
			if single && !(plain(last) && plain(r)) {
				keys = append(keys, key(user, word[start:i]))
			}
		}
		last, start = r, i
	}
	if single && last >= 0 {
		keys = append(keys, key(user, word[start:]))
	}
	return keys
}

func plain(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// NameKey returns the key of the tasks with a name. No word has a line feed, so it is not that of a pair.
func NameKey(user uuid.UUID, name string) int32 { return key(user, "\n"+name) }

// key is FNV-1a.
func key(user uuid.UUID, s string) int32 {
	h := uint32(2166136261)
	for _, b := range user {
		h = (h ^ uint32(b)) * 16777619
	}
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return int32(h) //nolint:gosec // the bits, as PostgreSQL's integer
}
