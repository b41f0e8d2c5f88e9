package task

import (
	"slices"

	"taskwire.dev/shared/search"
)

// Name is a project or a tag of a user: all names that fold to the same are one, and are spelled as the user first did.
type Name struct{ Name, Spelling string }

// LoadSpelling adds the spelling of a name of Needs.Names; "" means that it has none yet.
func (l *Ledger) LoadSpelling(name, spelling string) {
	if l.spellings == nil {
		l.spellings = map[string]string{}
	}
	l.spellings[name] = spelling
}

// Spelled returns the names that this ledger spelled for the first time.
func (l *Ledger) Spelled() []Name { return l.spelled }

// spell returns the first spelling of a name, which is the given one if there is none. Names that were not asked for stay
// as they are: those of an earlier state.
func (l *Ledger) spell(name, given string) string {
	first, asked := l.spellings[name]
	switch {
	case !asked:
		return given
	case first == "":
		l.spellings[name] = given
		l.spelled = append(l.spelled, Name{Name: name, Spelling: given})
		return given
	default:
		return first
	}
}

func (l *Ledger) spellProject(project *string) *string {
	if project == nil {
		return nil
	}
	spelled := l.spell(search.ProjectName(*project), *project)
	return &spelled
}

func (l *Ledger) spellTags(tags []string) []string {
	out := make([]string, 0, len(tags))
	for _, tag := range tags {
		if tag = l.spell(search.TagName(tag), tag); !slices.Contains(out, tag) {
			out = append(out, tag)
		}
	}
	return out
}
