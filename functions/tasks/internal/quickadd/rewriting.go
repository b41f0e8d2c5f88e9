package quickadd

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// rewriting is a text in another language, as the English grammar reads it. A phrase whose English words are not all part of what
// was understood is title: then the text is rewritten without it, until all of them are.
type rewriting struct {
	language *language
	source   []token
	said     []string      // the words of the source, folded
	possible [][]candidate // for each token of the source, those that begin with it, the longest first
	failed   []int         // how many of them have failed

	tokens []token // as the English grammar reads them
	origin []place // of each of them, in the source
	groups []group
}

// candidate is a phrase at a place, with one of its meanings.
type candidate struct {
	length int
	words  []string
	trail  string // the punctuation after the phrase
	order  int
}

// place is a part of the source, from one token to before another.
type place struct{ from, to int }

// group is a phrase that was taken for English words: they are all understood, or none is.
type group struct {
	at       int // where it begins in the source
	from, to int // its English words
}

// maxRounds bounds the work for texts that were made to be much of it. After them no phrase counts.
const maxRounds = 40

// readIn reads a text in a language. It replaces the words of the tokens by the English ones that they stand for.
func (p *phrase) readIn(l *language) (atoms, located []atom) {
	r := &rewriting{language: l, source: p.tokens, failed: make([]int, len(p.tokens))}
	for _, t := range r.source {
		r.said = append(r.said, l.folded(t.word))
	}
	for i := range r.source {
		r.possible = append(r.possible, r.candidates(i))
	}
	for i, word := range r.said {
		if means, ok := l.words[word]; ok {
			r.source[i].word = means
		}
	}
	for round := 0; ; round++ {
		r.rewrite()
		read := *p
		read.tokens = r.tokens
		var blocked []place
		if atoms, blocked = read.atoms(); r.makeTitle(blocked) {
			continue
		}
		left := r.uncovered(atoms)
		if len(left) == 0 {
			return atoms, r.locate(atoms)
		}
		for _, g := range left {
			r.failed[g.at]++
		}
		if round >= maxRounds {
			for i := range r.failed {
				r.failed[i] = len(r.possible[i])
			}
		}
	}
}

// candidates returns the phrases that begin with a token.
func (r *rewriting) candidates(i int) (found []candidate) {
	for _, first := range []string{r.said[i], ""} {
		if r.said[i] == "" {
			break
		}
		for _, p := range r.language.phrases[first] {
			stands, trail, ok := r.matches(p, i)
			if !ok {
				continue
			}
			for _, meaning := range p.meanings {
				found = append(found, candidate{len(p.elements), insert(meaning, stands), trail, p.order})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.length, a.length), cmp.Compare(a.order, b.order))
	})
	return found
}

// matches returns what the words of a phrase stand for that begins with a token, and the punctuation after it.
func (r *rewriting) matches(p phrasePattern, i int) (stands []string, trail string, ok bool) {
	if i+len(p.elements) > len(r.source) {
		return nil, "", false
	}
	for k, e := range p.elements {
		means, left, ok := r.language.match(e, r.said[i+k], r.source[i+k].trail)
		if !ok || left != "" && k < len(p.elements)-1 {
			return nil, "", false
		}
		stands, trail = append(stands, means), left
	}
	return stands, trail, true
}

// insert puts what the words of a phrase stand for into its meaning, and splits it into words.
func insert(meaning string, stands []string) []string {
	for k, s := range stands {
		meaning = strings.ReplaceAll(meaning, "{"+strconv.Itoa(k+1)+"}", s)
	}
	return strings.Fields(meaning)
}

// rewrite makes the tokens from the first phrase at each place that has not failed.
func (r *rewriting) rewrite() {
	r.tokens, r.origin, r.groups = nil, nil, nil
	for i := 0; i < len(r.source); {
		if r.failed[i] >= len(r.possible[i]) {
			r.add(r.source[i], i, i+1)
			i++
			continue
		}
		c := r.possible[i][r.failed[i]]
		if len(c.words) == 0 {
			for end := i + c.length; i < end; i++ {
				plain := r.source[i]
				plain.word = ""
				r.add(plain, i, i+1)
			}
			continue
		}
		g := group{at: i, from: len(r.tokens), to: len(r.tokens) + len(c.words)}
		for k, word := range c.words {
			t := token{text: word, word: word}
			if k == len(c.words)-1 {
				t.trail = c.trail
			}
			if len(c.words) == c.length {
				r.add(t, i+k, i+k+1)
			} else {
				r.add(t, i, i+c.length)
			}
		}
		r.groups = append(r.groups, g)
		i += c.length
	}
}

func (r *rewriting) add(t token, from, to int) {
	r.tokens, r.origin = append(r.tokens, t), append(r.origin, place{from, to})
}

// makeTitle empties the words of the source that are blocked, so that no other phrase reads them from the inside. It reports whether
// there are any.
func (r *rewriting) makeTitle(blocked []place) bool {
	for _, b := range blocked {
		for i := r.origin[b.from].from; i < r.origin[b.to-1].to; i++ {
			r.source[i].word, r.possible[i] = "", nil
		}
	}
	return len(blocked) > 0
}

// uncovered returns the groups that have words outside of all atoms.
func (r *rewriting) uncovered(atoms []atom) (left []group) {
	covered := make([]bool, len(r.tokens))
	for _, a := range atoms {
		for i := a.from; i < a.to; i++ {
			covered[i] = true
		}
	}
	for _, g := range r.groups {
		if slices.Contains(covered[g.from:g.to], false) {
			left = append(left, g)
		}
	}
	return left
}

// locate returns the atoms with their places in the source. Those that share a phrase are one there.
func (r *rewriting) locate(atoms []atom) (located []atom) {
	for _, a := range atoms {
		a.from, a.to = r.origin[a.from].from, r.origin[a.to-1].to
		if n := len(located); n > 0 && a.from < located[n-1].to {
			located[n-1].to = max(located[n-1].to, a.to)
			continue
		}
		located = append(located, a)
	}
	return located
}
