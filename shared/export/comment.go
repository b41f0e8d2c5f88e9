package export

import (
	"archive/zip"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/uuid"
)

// commentKey identifies a comment in an archive.
type commentKey struct{ task, comment uuid.UUID }

// comment applies an event about a comment, and says in what it does not follow from the one before.
func (r *replay) comment(e Event) (problem string) {
	var changes struct {
		Comment struct{ From, To object } `json:"comment"`
	}
	if err := decode(e.ChangedFields, &changes); err != nil {
		return "its changes cannot be read"
	}
	before, after := changes.Comment.From, changes.Comment.To
	given := after
	if given == nil {
		given = before
	}
	id, err := uuid.Parse(fmt.Sprint(given["id"]))
	if err != nil {
		return "its comment has no id"
	}
	key := commentKey{*e.TaskID, id}
	known := r.comments[key]
	if r.comments[key] = after; after == nil {
		delete(r.comments, key)
	}
	if !reflect.DeepEqual(known, before) {
		return fmt.Sprintf("comment %s was not what the event says", id)
	}
	return ""
}

// checkComments compares the comments of an archive with those that the events lead to. An archive from before there were comments
// has neither.
func (r *Report) checkComments(file *zip.File, want *replay) error {
	seen := map[commentKey]bool{}
	err := eachLine(file, func(line []byte) error {
		var c object
		if decode(line, &c) != nil {
			r.problem("a line of %s cannot be read", fileComments)
			return nil
		}
		id, err := uuid.Parse(fmt.Sprint(c["id"]))
		task, taskErr := uuid.Parse(fmt.Sprint(c["task_id"]))
		key := commentKey{task, id}
		known := want.comments[key]
		switch {
		case err != nil || taskErr != nil || known == nil || !want.kept(task):
			r.problem("comment %v is in %s, but not in the events", c["id"], fileComments)
		case seen[key]:
			r.problem("comment %s is in %s twice", id, fileComments)
		case !reflect.DeepEqual(c, known):
			r.problem("comment %s differs from the events in %s", id, strings.Join(differences(c, known), ", "))
		}
		seen[key] = true
		return nil
	})
	if err != nil {
		return err
	}
	for key := range want.comments {
		if !seen[key] && want.kept(key.task) {
			r.problem("comment %s is missing in %s", key.comment, fileComments)
		}
	}
	return nil
}

// kept reports whether a task is not deleted.
func (r *replay) kept(task uuid.UUID) bool {
	known := r.tasks[task]
	return known != nil && !known.deleted
}
