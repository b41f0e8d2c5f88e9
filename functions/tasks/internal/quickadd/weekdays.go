package quickadd

import "slices"

// weekdays reads a list of weekdays.
func (p *phrase) weekdays(i, j int) (found []int, k int) {
	for k = j; ; {
		some, after, ok := p.weekdayItem(i, k)
		if !ok {
			return found, k
		}
		found, k = append(found, some...), after
		next := p.skip(i, k, "and", "&")
		if next == k && k < len(p.tokens) && p.tokens[k-1].trail == "," {
			if next = k; p.tokens[k].word == "and" {
				next = k + 1
			}
		} else if next == k {
			return found, k
		}
		if _, _, more := p.weekdayItem(next, next); !more {
			return found, k
		}
		i, k = next, next // a comma has ended what came before
	}
}

// weekdayItem reads one item of the list.
func (p *phrase) weekdayItem(i, k int) ([]int, int, bool) {
	w := p.word(i, k)
	if group, ok := words.DayGroups[w]; ok {
		return slices.Clone(group), k + 1, true
	}
	if oneOf(w, "working", "business") && oneOf(p.word(i, k+1), "day", "days") {
		return []int{0, 1, 2, 3, 4}, k + 2, true
	}
	if from, to, ok := weekdaysIn(w); ok {
		return weekdaysFrom(from, to), k + 1, true
	}
	wd, ok := weekdayOrPlural(w)
	if !ok {
		return nil, 0, false
	}
	if c := p.skip(i, k+1, "-", "–", "—", "to", "through"); c > k+1 {
		if to, ok := weekdayOrPlural(p.word(i, c)); ok {
			return weekdaysFrom(wd, to), c + 1, true
		}
	}
	return []int{wd}, k + 1, true
}

func weekdayOrPlural(w string) (int, bool) {
	if wd, ok := words.Weekdays[w]; ok {
		return wd, true
	}
	wd, ok := words.WeekdayPlurals[w]
	return wd, ok
}

func weekdaysFrom(from, to int) []int {
	found := []int{from}
	for from != to {
		from = (from + 1) % 7
		found = append(found, from)
	}
	return found
}
