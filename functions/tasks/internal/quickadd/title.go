package quickadd

import "strings"

// run is a part of the text that was not understood: words that stand beside each other.
type run struct {
	tokens     []token
	cut, trail bool // something was taken out before it, after it
}

// without returns the words that the atoms leave.
func without(tokens []token, atoms []atom) []run {
	var runs []run
	at := 0
	for i, a := range atoms {
		if a.from > at {
			runs = append(runs, run{tokens: tokens[at:a.from], cut: i > 0, trail: true})
		}
		at = a.to
	}
	if at < len(tokens) {
		runs = append(runs, run{tokens: tokens[at:], cut: true})
	}
	return runs
}

// title joins the words that are left. Punctuation that joined them to what was taken out goes with it.
func title(text string, runs []run) string {
	var kept []string
	for _, r := range runs {
		words := r.tokens
		for r.cut && len(words) > 0 && words[0].joiner() {
			words = words[1:]
		}
		for r.trail && len(words) > 0 && words[len(words)-1].joiner() {
			words = words[:len(words)-1]
		}
		if len(words) == 0 {
			continue
		}
		said := text[words[0].at:words[len(words)-1].end()]
		if r.trail {
			said = strings.TrimRight(said, ",;:")
		}
		kept = append(kept, said)
	}
	return trim(strings.Join(kept, " "))
}

// repeats reports whether a word of repetition is left over.
func repeats(runs []run) bool {
	for _, r := range runs {
		for _, t := range r.tokens {
			if t.word != "" && oneOf(t.word, words.Repetition...) {
				return true
			}
		}
	}
	return false
}

// parts returns the positions of the atoms. Those of one due, or of one repetition, that are beside each other are one part.
func parts(tokens []token, atoms []atom) []Part {
	var found []Part
	for i, a := range atoms {
		part := Part{From: tokens[a.from].from, To: tokens[a.to-1].to, Kind: a.kind}
		if i > 0 && atoms[i-1].to == a.from && atoms[i-1].kind == a.kind && a.scheduled() {
			found[len(found)-1].To = part.To
			continue
		}
		found = append(found, part)
	}
	return found
}
