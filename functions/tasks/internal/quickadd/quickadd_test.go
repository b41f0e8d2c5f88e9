package quickadd

import (
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/wallclock"
)

// answer is a Result as the cases write it: due_at is the time on the wall.
type answer struct {
	Title    string   `json:"title"`
	DueDate  string   `json:"due_date,omitempty"`
	DueAt    string   `json:"due_at,omitempty"`
	RRule    string   `json:"rrule,omitempty"`
	Mode     string   `json:"mode,omitempty"`
	Priority string   `json:"priority,omitempty"`
	Project  string   `json:"project,omitempty"`
	Section  string   `json:"section,omitempty"`
	Tags     []string `json:"tags,omitempty"`
}

func answerOf(r Result) answer {
	a := answer{r.Title, r.DueDate, "", r.RRule, r.Mode, r.Priority, r.Project, r.Section, r.Tags}
	if !r.DueAt.IsZero() {
		a.DueAt = r.DueAt.Format("2006-01-02T15:04")
	}
	return a
}

// TestCases runs each phrase of the files in testdata. The dashboard's grammar is tested with the same.
func TestCases(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"cases", "more-cases", "de", "es"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testFile(t, "testdata/"+name+".json")
		})
	}
}

func testFile(t *testing.T, path string) {
	t.Helper()
	var file struct {
		Now      time.Time
		Timezone string
		Locale   string // of the cases that name none
		Cases    []struct {
			Text, Locale, Why string
			Now               time.Time
			WeekStart         string `json:"week_start"`
			answer
		}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	passed := 0
	for _, c := range file.Cases {
		o := Options{file.Now, wallclock.Zone(file.Timezone), time.Monday, cmp.Or(c.Locale, file.Locale), nil}
		if !c.Now.IsZero() {
			o.Now = c.Now
		}
		if c.WeekStart != "" {
			o.WeekStart = map[string]time.Weekday{"saturday": time.Saturday, "sunday": time.Sunday}[c.WeekStart]
		}
		got := answerOf(Parse(c.Text, o))
		slices.Sort(got.Tags)
		slices.Sort(c.Tags)
		if g, w := text(got), text(c.answer); g != w {
			t.Errorf("%q (%s)\n got %s\nwant %s (%s)", c.Text, cmp.Or(c.Locale, file.Locale), g, w, c.Why)
			continue
		}
		passed++
	}
	t.Logf("%d of %d phrases", passed, len(file.Cases))
}

func text(a answer) string {
	b, err := json.Marshal(a)
	if err != nil {
		panic(err)
	}
	return strings.ReplaceAll(string(b), `\u0026`, "&")
}

// TestDashboardHasTheWords: make generate copies the vocabulary.
func TestDashboardHasTheWords(t *testing.T) {
	t.Parallel()
	for name, ours := range map[string][]byte{"words.json": wordsJSON, "words.de.json": germanJSON, "words.es.json": spanishJSON} {
		b, err := os.ReadFile("../../../../frontend/src/lib/quickadd/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(b, ours) {
			t.Errorf("frontend/src/lib/quickadd/%s differs from ours: run make generate", name)
		}
	}
}
