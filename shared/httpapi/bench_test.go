package httpapi_test

import (
	"testing"

	"taskwire.dev/shared/httpapi"
)

// BenchmarkDecodeJSON decodes a small task, like most requests.
func BenchmarkDecodeJSON(b *testing.B) {
	for name, body := range map[string]string{
		"title": `{"title":"Buy milk"}`,
		"task": `{"title":"Water the plants","description":"The big one in the hall needs more.","priority":"high","project":"Home",
"tags":["garden","weekly"],"due_at":"2026-12-01T08:00:00Z","timezone":"Europe/Berlin","reminders":["PT1H"],
"recurrence":{"rrule":"FREQ=WEEKLY;BYDAY=MO","mode":"schedule"}}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var in input
				if err := httpapi.DecodeJSON([]byte(body), &in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
