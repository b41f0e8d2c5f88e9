package store

import "testing"

func TestTopicOf(t *testing.T) {
	t.Parallel()
	s := New(nil, map[string]string{"dead-letter": "dead-letters", "invoices": "payments", "reminder-fan-in": "reminders"})
	for _, c := range []struct{ topic, consumer, eventType, want string }{
		{"task-events", "reminder-fan-in", "account.notice", "task-events"}, // as the consumer says
		{"payments", "", "invoice.paid", "payments"},
		{"nowhere", "reminder-fan-in", "account.notice", ""},
		{"dead-letters", "", "task.created", ""},
		{"", "reminder-fan-in", "account.notice", "reminders"},
		{"", "reminder-fan-in", "invoice.paid", "reminders"},
		{"", "dead-letter", "task.created", "task-events"},
		{"", "unknown", "account.deleted", "task-events"},
		{"", "", "reminder.digest", "reminders"},
		{"", "", "sync.view-changed", "task-updates"},
		{"", "", "task.snoozed", ""},
		{"", "unknown", "invoice.paid", ""},
	} {
		got, err := s.topicOf(DeadLetter{Topic: null(c.topic), Consumer: null(c.consumer), EventType: &c.eventType})
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}
