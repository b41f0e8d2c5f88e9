// Package verdict compares what users were told with what is there. It knows only the responses, and reads only what is
// visible from outside: the audit log, the tasks, the streams, the topic, the notifications. It runs nothing.
package verdict

import (
	"fmt"
	"time"

	"taskwire.dev/e2e/chaos/history"
)

// Kind of violation.
type Kind string

// Kinds of violations, each of a promise.
const (
	Lost      Kind = "lost"      // acknowledged, and not there
	Doubled   Kind = "doubled"   // there more often than requested
	Wrong     Kind = "wrong"     // there, but different from what was acknowledged
	Torn      Kind = "torn"      // half of a request
	Gap       Kind = "gap"       // a number is missing
	Reordered Kind = "reordered" // not in the order of the commits
	Leaked    Kind = "leaked"    // another user's
)

// Violation is a broken promise.
type Violation struct {
	Kind   Kind
	User   string
	Detail string
}

func (v Violation) String() string { return fmt.Sprintf("%s: user %s: %s", v.Kind, v.User, v.Detail) }

// Event is an entry of a user's audit log. Task is the id of its task, comment or section.
type Event struct {
	Seq                           int64
	ID, Type, Task, Actor, Series string
	After                         history.State // as shown
	// Of is the task of a comment.
	Of string
	// Section is the one that a task is in, and Put has the tasks that the change of a section put into one; "" is none.
	Section string
	Put     map[string]string
	Digest  string   // the id of a notification about several tasks
	Tasks   []string // of the digest
}

// Kinds of frames.
const (
	Hello = "hello"
	Reset = "sync.reset"
)

// Frame is what a stream delivered: Hello and Reset have a position, all others an entry of the log.
type Frame struct {
	Event, Epoch     string
	Seq              int64
	User, Task, Type string
}

// Record is an event in the topic, with its key.
type Record struct {
	Key, User, ID, Type string
	Seq                 int64
}

// Notice is a notification, or a part of the one that Digest names; Day is that of an overdue one.
type Notice struct {
	Task, Kind, Day string
	Digest          string
	Resolved        bool
}

// Seen is everything of a user at the end.
type Seen struct {
	User  string
	At    time.Time // until when reminders were sent
	Log   []Event
	Tasks map[string]history.State
	// In is the section of each task in the list that is in one.
	In                 map[string]string
	Comments, Sections map[string]history.State
	Streams            [][]Frame
	Topic              []Record
	Notices            []Notice
}

// judge collects the violations for one user.
type judge struct {
	user  string
	found []Violation
}

func (j *judge) say(kind Kind, format string, args ...any) {
	j.found = append(j.found, Violation{kind, j.user, fmt.Sprintf(format, args...)})
}

// Of judges one user: told is everything that the user requested, with the responses.
func Of(told []history.Change, seen Seen) []Violation {
	j := &judge{user: seen.User}
	j.numbers(seen.Log)
	placed := j.changes(told, seen.Log)
	j.order(placed)
	j.together(told, placed)
	j.tasks(seen.Log, seen.Tasks)
	j.comments(seen.Log, seen.Comments)
	j.sections(seen.Log, seen.Sections)
	j.inSections(placed, seen)
	j.successors(seen.Log)
	j.notices(placed, seen)
	for _, stream := range seen.Streams {
		j.stream(stream, seen.Log)
	}
	j.topic(seen.Topic, seen.Log)
	return j.found
}
