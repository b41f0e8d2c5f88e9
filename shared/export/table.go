package export

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"

	"taskwire.dev/shared/task"
)

var columns = []string{"id", "title", "description", "status", "completed_at", "priority", "project", "section", "tags", "due", "timezone", "repeats", "parent_id", "created_at", "updated_at"}

func (a *Archive) writeTable(ctx context.Context, to io.Writer, at *place) (more bool, err error) {
	w := csv.NewWriter(to)
	if at.first() {
		// Without the mark Excel reads UTF-8 as the machine's old code page.
		if _, err := io.WriteString(to, "\ufeff"); err != nil {
			return false, err
		}
		if err := w.Write(columns); err != nil {
			return false, err
		}
	}
	more, err = a.decoded(ctx, at, func(t task.Task) error { return w.Write(tableRow(t)) })
	w.Flush()
	return more, errors.Join(err, w.Error())
}

func tableRow(t task.Task) []string {
	status, repeats := "open", ""
	if t.Completed {
		status = "completed"
	}
	if t.Recurrence != nil {
		repeats = t.Recurrence.RRule
	}
	due := moment(t.DueAt)
	if t.DueDate != nil {
		due = t.DueDate.String()
	}
	parent := ""
	if t.ParentID != nil {
		parent = t.ParentID.String()
	}
	row := []string{
		t.ID.String(), t.Title, t.Description, status, moment(t.CompletedAt), t.Priority.String(), text(t.Project), text(t.Section), strings.Join(t.Tags, ", "),
		due, text(t.Timezone), repeats, parent, moment(&t.CreatedAt), moment(&t.UpdatedAt),
	}
	for i, value := range row {
		row[i] = safe(value)
	}
	return row
}

// safe puts an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV Injection).
func safe(value string) string {
	start := strings.TrimLeft(value, " \u00a0")
	if start == "" || !strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(start)[0]) {
		return value
	}
	return "'" + value
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
