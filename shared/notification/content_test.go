package notification

import (
	"encoding/json"
	"testing"
	"time"

	"taskwire.dev/shared/reminder"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/wallclock"
)

func TestContent_SaysWhatTheTextSays(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 4, 16, 0, 0, 0, time.UTC)
	zone := wallclock.Zone("Europe/Berlin")
	day, _ := task.ParseDate("2026-12-04")
	for _, c := range []struct {
		kind string
		due  reminder.Due
		now  time.Time
		body string
		want string
	}{
		{"upcoming", reminder.Due{At: &at, Zone: zone}, at.Add(-time.Hour), "Due Fri, 4 Dec 2026, 17:00 CET", `{"text":"due","args":{"due_at":"2026-12-04T16:00:00Z","timezone":"Europe/Berlin"}}`},
		{"overdue", reminder.Due{At: &at, Zone: zone}, at, "Was due Fri, 4 Dec 2026, 17:00 CET", `{"text":"was-due","args":{"due_at":"2026-12-04T16:00:00Z","timezone":"Europe/Berlin"}}`},
		{"upcoming", reminder.Due{On: &day, Zone: zone}, at, "Due Fri, 4 Dec 2026", `{"text":"due","args":{"due_date":"2026-12-04"}}`},
		{"upcoming", reminder.Due{Zone: zone}, at, "Reminder", `{"text":"reminder"}`},
	} {
		body, content := Body(c.kind, c.due, c.now)
		got, err := json.Marshal(content)
		if err != nil || body != c.body || string(got) != c.want {
			t.Errorf("got %q, %s, want %q, %s", body, got, c.body, c.want)
		}
	}
}

func TestSummarize_SaysTheSameAsContent(t *testing.T) {
	t.Parallel()
	items := []Item{{Kind: "overdue", Title: "A"}, {Kind: "upcoming", Title: "B"}, {Kind: "upcoming", Title: "C"}, {Kind: "overdue", Title: "D"}}
	for i := range items {
		items[i].TaskID[15] = byte(i)
	}
	var n Notification
	n.Summarize(DueOf(items))
	args := n.Content.Args
	if n.Content.Text != TextDigest || args["overdue"] != "2" || args["upcoming"] != "2" || args["titles"] != "A, B, C" || args["more"] != "1" {
		t.Errorf("%+v", n.Content)
	}
	for i := range items {
		items[i].Body = Undated
	}
	n.Summarize(DueOf(items))
	if n.Content.Text != TextUndatedDigest || n.Content.Args["count"] != "4" || n.Title != "4 reminders" {
		t.Errorf("%q %+v", n.Title, n.Content)
	}
}
