package main

import (
	"strings"
	"testing"
	"time"
)

func TestSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC)
	for in, want := range map[string]time.Time{
		"36h":                  now.Add(-36 * time.Hour),
		"0s":                   now,
		"2026-11-25T08:00:00Z": now.AddDate(0, 0, -1),
		"336h":                 now.AddDate(0, 0, -14),
	} {
		if got, err := parseSince(in, now); err != nil || !got.Equal(want) {
			t.Errorf("%s: %v, %v", in, got, err)
		}
	}
	for in, want := range map[string]string{
		"":                     "give a moment",
		"yesterday":            "give a moment",
		"-1h":                  "in the future",
		"2026-11-27T08:00:00Z": "in the future",
		"337h":                 "14 days",
		"2026-01-01T00:00:00Z": "14 days",
	} {
		if _, err := parseSince(in, now); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", in, err, want)
		}
	}
}
