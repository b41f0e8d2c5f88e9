package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"taskwire.dev/shared/task"
)

// The files of an archive, in their order.
const (
	fileReadme        = "README.txt"
	fileAccount       = "account.json"
	filePreferences   = "preferences.json"
	fileTasks         = "tasks.jsonl"
	fileTable         = "tasks.csv"
	fileCalendar      = "calendar.ics"
	fileNotifications = "notifications.jsonl"
	fileViews         = "views.jsonl"
	fileNames         = "projects-and-tags.jsonl"
	fileComments      = "comments.jsonl"
	fileEvents        = "events.jsonl"
	fileManifest      = "manifest.json"
	fileSignature     = "signature.json"
)

// Write writes the archive. Its memory does not depend on the length of the log.
func (a *Archive) Write(ctx context.Context, to io.Writer) error {
	_, err := a.writeFrom(ctx, begin(a.user), to, nil)
	return err
}

// sources are the files, in their order.
func (a *Archive) sources() []source {
	all := []source{
		{fileReadme, once(a.writeReadme)},
		{fileAccount, once(func(to io.Writer, _ *place) error { return indented(to, a.account) })},
		{filePreferences, once(func(to io.Writer, _ *place) error { return indented(to, a.preferences) })},
		{fileTasks, a.writeTasks},
		{fileTable, a.writeTable},
		{fileCalendar, a.writeCalendar},
		{fileNotifications, once(func(to io.Writer, _ *place) error { return lines(to, a.notifications) })},
		{fileViews, once(func(to io.Writer, _ *place) error { return lines(to, a.views) })},
		{fileNames, a.writeNames},
		{fileComments, a.writeComments},
		{fileEvents, a.writeEvents},
		{fileManifest, once(func(to io.Writer, at *place) error {
			manifest, _, err := a.manifest(at)
			if err != nil {
				return err
			}
			return whole(to, manifest)
		})},
	}
	if a.key == nil {
		return all
	}
	return append(all, source{fileSignature, once(func(to io.Writer, at *place) error {
		_, signature, err := a.manifest(at)
		if err != nil {
			return err
		}
		return whole(to, signature)
	})})
}

// manifest returns the bytes of the manifest and of its signature.
func (a *Archive) manifest(at *place) (manifest, signature []byte, err error) {
	m := Manifest{Format: formatName, Version: format, User: a.user, AsOf: AsOf{Seq: a.seq, Time: a.asOf}}
	m.Chain = Chain{Events: at.chain.events, First: newChain(a.user).String(), Last: at.chain.hash.String()}
	for _, f := range at.done {
		if f.Name != fileManifest {
			m.Files = append(m.Files, f.File)
		}
	}
	return m.sign(a.key)
}

// once is a file of one page.
func once(write func(to io.Writer, at *place) error) page {
	return func(_ context.Context, to io.Writer, at *place) (bool, error) { return false, write(to, at) }
}

func (a *Archive) writeTasks(ctx context.Context, to io.Writer, at *place) (bool, error) {
	return a.tasks(ctx, at, func(t json.RawMessage) error { return line(to, t) })
}

func (a *Archive) writeComments(ctx context.Context, to io.Writer, at *place) (bool, error) {
	return a.comments(ctx, at, func(c json.RawMessage) error { return line(to, c) })
}

// decoded calls each with the tasks of the next page.
func (a *Archive) decoded(ctx context.Context, at *place, each func(task.Task) error) (more bool, err error) {
	return a.tasks(ctx, at, func(raw json.RawMessage) error {
		var t task.Task
		if err := json.Unmarshal(raw, &t); err != nil {
			return err
		}
		return each(t)
	})
}

// entry is a line of events.jsonl.
type entry struct {
	Hash  string          `json:"hash"` // of the hash before and the bytes of the event
	Event json.RawMessage `json:"event"`
}

func (a *Archive) writeEvents(ctx context.Context, to io.Writer, at *place) (bool, error) {
	return a.events(ctx, at, func(e Event) error {
		event, err := json.Marshal(e)
		if err != nil {
			return err
		}
		at.chain = link{at.chain.hash.next(event), at.chain.events + 1}
		// As entry, whose event must keep its bytes.
		_, err = fmt.Fprintf(to, "{\"hash\":\"%s\",\"event\":%s}\n", at.chain.hash, event)
		return err
	})
}

func lines(to io.Writer, all [][]byte) error {
	for _, one := range all {
		if err := line(to, one); err != nil {
			return err
		}
	}
	return nil
}

func line(to io.Writer, value []byte) error {
	if _, err := to.Write(value); err != nil {
		return err
	}
	_, err := io.WriteString(to, "\n")
	return err
}

func whole(to io.Writer, content []byte) error {
	_, err := to.Write(content)
	return err
}

// indented writes JSON for people; of a user without preferences it is null.
func indented(to io.Writer, value []byte) error {
	if value == nil {
		value = []byte("null")
	}
	var b bytes.Buffer
	if err := json.Indent(&b, value, "", "  "); err != nil {
		return err
	}
	return line(to, b.Bytes())
}

func (a *Archive) writeReadme(to io.Writer, _ *place) error {
	_, err := fmt.Fprintf(to, readme, a.seq, a.asOf.Format("2006-01-02 15:04:05"), MaxNotifications)
	return err
}

const readme = `Your data from Taskwire

This archive has everything that Taskwire knows about you, up to change %d, of %s UTC.

  tasks.csv                your tasks, for a spreadsheet
  calendar.ics             your open tasks with a due date, for a calendar
  tasks.jsonl              your tasks with all their fields, one JSON object per line
  events.jsonl             every change since you registered, oldest first. Deleted tasks are only here
  notifications.jsonl      your notifications of the last 180 days, newest first, at most %d
  preferences.json         your preferences
  views.jsonl              your saved views
  comments.jsonl           your comments on these tasks, and those of your apps
  projects-and-tags.jsonl  your projects and tags, with their colors
  account.json             your name, your email address, and what you sign in with
  manifest.json            the list of these files with a checksum of each
  signature.json           the server's signature of manifest.json

In tasks.csv a text that begins like a formula has an apostrophe before it, so that a spreadsheet does not calculate it.
The archive has no passwords, sessions or access tokens.

Is it complete and unchanged?

  taskwire verify FILE.zip --server https://ADDRESS-OF-YOUR-TASKWIRE

checks the signature, replays events.jsonl and compares the result with tasks.jsonl and comments.jsonl. It names what was changed, is missing or is in
another order. Each line of events.jsonl has the SHA-256 of the hash of the line before it, followed by the bytes of the event.
`
