package search

import (
	"slices"

	"github.com/google/uuid"
)

// firstEvents is how many events of a user's log leave their tasks without entries in the indexes of lists and searches.
// Most users never have more: reading and sorting all their tasks takes a few milliseconds, and their writes cost half.
const firstEvents = 2000

// Indexed reports whether a task is in those indexes after the event with that sequence. There are never more tasks of a
// user than events, so at most firstEvents are not.
func Indexed(seq int64) bool { return seq > firstEvents }

// Row is what is stored beside a task for lists and searches.
type Row struct {
	Text    string
	Names   []string // of project and tags; nil: none
	Keys    []int32  // nil: none
	Indexed bool
}

// RowOf returns the row of a task.
func RowOf(user uuid.UUID, indexed bool, title, description string, project *string, tags []string) Row {
	row := Row{Text: Text(title, description), Names: Names(project, tags), Indexed: indexed}
	if indexed {
		row.Keys = Keys(user, row.Text, row.Names)
	}
	return row
}

// Equal reports whether the columns of a task are as in r.
func (r Row) Equal(text *string, names []string, keys []int32, indexed bool) bool {
	return text != nil && *text == r.Text && slices.Equal(names, r.Names) &&
		indexed == r.Indexed && (keys == nil) == (r.Keys == nil) && slices.Equal(keys, r.Keys)
}

// Names returns the names of a task's project and tags as they are compared.
func Names(project *string, tags []string) (names []string) {
	if project != nil {
		names = append(names, ProjectName(*project))
	}
	for _, tag := range tags {
		names = append(names, TagName(tag))
	}
	return names
}

// Spellings returns the names of a task's project and tags as they are shown, in the order of Names.
func Spellings(project *string, tags []string) (spellings []string) {
	if project != nil {
		spellings = append(spellings, *project)
	}
	return append(spellings, tags...)
}

// ProjectName returns the name of a project as it is compared: those of one name are one project.
func ProjectName(project string) string { return "p:" + Fold(project) }

// SectionName returns the name of a section of a project as it is compared.
func SectionName(project, section string) string { return SectionsNamed(section) + Fold(project) }

// SectionsNamed is how the SectionName of all sections of that name begins, in whatever project. No name has a unit separator.
func SectionsNamed(section string) string { return "s:" + Fold(section) + Separator }

// Separator is between the section and the project in a SectionName.
const Separator = "\x1f"

// TagName returns the name of a tag as it is compared.
func TagName(tag string) string { return "t:" + Fold(tag) }
