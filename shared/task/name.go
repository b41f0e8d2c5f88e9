package task

import (
	"maps"
	"slices"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/search"
)

// Name is a project, a section or a tag of a user: all names that fold to the same are one, and are spelled as the user first did.
type Name struct{ Name, Spelling string }

// SectionOf is a section that a task may get without its project being named.
type SectionOf struct {
	Task uuid.UUID
	Name string
}

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

// Unspelled returns the names that were not asked for, of tasks that are in the trash and may come back, and of those that occurrences
// pass on: they may have been deleted since, and made again in another spelling.
func (l *Ledger) Unspelled(named []uuid.UUID) []string {
	names := map[string]bool{}
	add := func(t *Task) {
		its, _ := t.names()
		for _, name := range its {
			if _, asked := l.spellings[name]; !asked {
				names[name] = true
			}
		}
	}
	for _, id := range named {
		t := l.tasks[id]
		if t == nil {
			continue
		}
		if usual := t.Usual(); usual != t {
			add(usual)
		}
		if t.DeletedAt == nil {
			continue
		}
		for _, below := range l.Subtree(t, func(t *Task) bool { return t.DeletedAt != nil }) {
			add(below)
		}
	}
	return slices.Collect(maps.Keys(names))
}

// respell gives t the first spellings of its names, as far as they were asked for.
func (l *Ledger) respell(t *Task) {
	t.Project = l.spellProject(t.Project)
	t.Section, t.Tags = l.spellSection(t.Project, t.Section), l.spellTags(t.Tags)
}

// keepNames makes the project, section and tags of a task exist that it had at an earlier time, and that were not asked for: those of
// relatives that were read as stubs, and of an occurrence before.
func (l *Ledger) keepNames(before, after *Task) {
	var had []string
	if before != nil && before.DeletedAt == nil {
		had, _ = before.names()
	}
	names, spellings := after.names()
	for i, name := range names {
		if _, asked := l.spellings[name]; !asked && !slices.Contains(had, name) {
			l.LoadSpelling(name, spellings[i])
			l.spelled = append(l.spelled, Name{Name: name, Spelling: spellings[i]})
		}
	}
}

func (l *Ledger) spellProject(project *string) *string {
	if project == nil {
		return nil
	}
	spelled := l.spell(search.ProjectName(*project), *project)
	return &spelled
}

// spellSection returns the first spelling of a section of a project.
func (l *Ledger) spellSection(project, section *string) *string {
	if section == nil || project == nil {
		return section
	}
	spelled := l.spell(search.SectionName(*project, *section), *section)
	return &spelled
}

// names returns the names of the task's project, tags and section, and how they are spelled.
func (t *Task) names() (names, spellings []string) {
	names, spellings = search.Names(t.Project, t.Tags), search.Spellings(t.Project, t.Tags)
	if t.Project != nil && t.Section != nil {
		names, spellings = append(names, search.SectionName(*t.Project, *t.Section)), append(spellings, *t.Section)
	}
	return names, spellings
}

// sameNames reports whether t has the names of other, in whatever spelling.
func (t *Task) sameNames(other *Task) bool {
	var distinct []string // two spellings of one tag are one
	names, _ := t.names()
	for _, name := range names {
		if !slices.Contains(distinct, name) {
			distinct = append(distinct, name)
		}
	}
	others, _ := other.names()
	return slices.Equal(distinct, others)
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

const (
	// MaxNames is how many projects a user can have, and how many tags.
	MaxNames = 10_000
	// MaxSections is how many sections a user can have, in all projects together.
	MaxSections = 2000
)

// CheckNames returns a QuotaExceeded fault if a user cannot have that many names of a kind, which is given as they begin.
func CheckNames(kind string, n int) error {
	switch {
	case kind == "p:" && n > MaxNames:
		return fault.New(fault.QuotaExceeded, "there can be at most %d projects; delete one first", MaxNames)
	case kind == "s:" && n > MaxSections:
		return fault.New(fault.QuotaExceeded, "there can be at most %d sections; delete one first", MaxSections)
	case kind == "t:" && n > MaxNames:
		return fault.New(fault.QuotaExceeded, "there can be at most %d tags; delete one first", MaxNames)
	}
	return nil
}
