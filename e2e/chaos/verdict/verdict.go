// Package verdict compares what users were told with what is there. It knows only the answers, and looks only at what
// anybody can see from outside: the audit log, the tasks, the streams, the topic, the notifications. It runs nothing.
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
	Doubled   Kind = "doubled"   // there more often than it was asked for
	Wrong     Kind = "wrong"     // there, and something else than was acknowledged
	Torn      Kind = "torn"      // half of a request
	Gap       Kind = "gap"       // a number is missing
	Reordered Kind = "reordered" // not in the order of the commits
	Leaked    Kind = "leaked"    // somebody else's
)

// Violation is a broken promise.
type Violation struct {
	Kind   Kind
	User   string
	Detail string
}

func (v Violation) String() string { return fmt.Sprintf("%s: user %s: %s", v.Kind, v.User, v.Detail) }

// Event is an entry of a user's audit log.
type Event struct {
	Seq                           int64
	ID, Type, Task, Actor, Series string
	After                         history.State // as it is shown
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

// Record is an event in the topic, under the key that it was found at.
type Record struct {
	Key, User, ID, Type string
	Seq                 int64
}

// Notice is a notification; Day is that of an overdue one.
type Notice struct{ Task, Kind, Day string }

// Seen is what there is of a user in the end.
type Seen struct {
	User    string
	At      time.Time // until when reminders were sent
	Log     []Event
	Tasks   map[string]history.State
	Streams [][]Frame
	Topic   []Record
	Notices []Notice
}

// judge collects what is wrong for one user.
type judge struct {
	user  string
	found []Violation
}

func (j *judge) say(kind Kind, format string, args ...any) {
	j.found = append(j.found, Violation{kind, j.user, fmt.Sprintf(format, args...)})
}

// Of judges one user: told is all that the user asked for and was answered.
func Of(told []history.Change, seen Seen) []Violation {
	j := &judge{user: seen.User}
	j.numbers(seen.Log)
	placed := j.changes(told, seen.Log)
	j.order(placed)
	j.together(told, placed)
	j.tasks(seen.Log, seen.Tasks)
	j.successors(seen.Log)
	j.notices(placed, seen)
	for _, stream := range seen.Streams {
		j.stream(stream, seen.Log)
	}
	j.topic(seen.Topic, seen.Log)
	return j.found
}
