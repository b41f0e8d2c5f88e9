package function

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/comment"
	"taskwire.dev/shared/export"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/userlog"
)

// say records a change of a comment, after which its task has so many.
func (b *bundle) say(t *testing.T, before, after *comment.Comment, comments int) {
	t.Helper()
	_, err := b.Log.Do(t.Context(), userlog.Change{User: b.who, Apply: func(tx *userlog.Tx) error {
		tx.Append(comment.Event(before, after, comments))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCommentsAreExportedAndVerified(t *testing.T) {
	t.Parallel()
	b := setup(t)
	kept, gone := b.Do(t, b.who, draft("kept", nil)).TaskID, b.Do(t, b.who, draft("gone", nil)).TaskID
	said := func(on uuid.UUID, text string) *comment.Comment {
		return &comment.Comment{ID: uuid.Must(uuid.NewV7()), TaskID: on, Text: text, Actor: b.who.Actor(), CreatedAt: time.Now().UTC()}
	}
	first, second, third := said(kept, "first"), said(kept, "second"), said(gone, "third")
	edited := *first
	edited.Text, edited.EditedAt = "edited", &edited.CreatedAt
	b.say(t, nil, first, 1)
	b.say(t, nil, second, 2)
	b.say(t, first, &edited, 2)
	b.say(t, second, nil, 1)
	b.say(t, nil, third, 1)
	b.Do(t, b.who, task.Delete{ID: gone})
	archive := b.download(t)
	z := open(t, archive)
	comments := content(t, z, "comments.jsonl")
	if strings.Count(comments, "\n") != 1 || !strings.Contains(comments, `"edited"`) {
		t.Errorf("%s", comments)
	}
	if report, err := export.Verify(z); err != nil || len(report.Problems) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
	for want, changed := range map[string]string{
		"is missing in comments.jsonl":    "",
		"differs from the events in text": strings.Replace(comments, "edited", "another", 1),
		"in comments.jsonl twice":         comments + comments,
		"but not in the events":           strings.Replace(comments, kept.String(), gone.String(), 1),
	} {
		report, err := export.Verify(rewrite(t, archive, map[string][]byte{"comments.jsonl": []byte(changed)}))
		if err != nil || !strings.Contains(strings.Join(report.Problems, "\n"), want) {
			t.Errorf("%v, %v; want %q", report.Problems, err, want)
		}
	}
}
