package function

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"taskwire.dev/shared/task"
)

const at = `"now":"2026-11-25T09:00:00Z","timezone":"Europe/Berlin","week_start":"monday"`

func TestParseAnswersWithWhatACreateTakes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, want := range map[string]string{
		`{"text":"🎉 pay rent every 1st at 9am #home @money !high",` + at + `}`: `{"parts":[{"from":12,"to":21,"kind":"repeat"},{"from":22,"to":28,"kind":"due"},` +
			`{"from":29,"to":34,"kind":"project"},{"from":35,"to":41,"kind":"tag"},{"from":42,"to":47,"kind":"priority"}],` +
			`"task":{"title":"🎉 pay rent","due_at":"2026-12-01T08:00:00Z","timezone":"Europe/Berlin",` +
			`"recurrence":{"rrule":"FREQ=MONTHLY;BYMONTHDAY=1","mode":"schedule"},"priority":"high","project":"home","tags":["money"]}}`,
		`{"text":"call 05/12","locale":"en-US",` + at + `}`: `{"parts":[{"from":5,"to":10,"kind":"due"}],"task":{"title":"call","due_date":"2027-05-12"}}`,
		`{"text":"call 05/12","locale":"xx",` + at + `}`:    `{"parts":[{"from":5,"to":10,"kind":"due"}],"task":{"title":"call","due_date":"2026-12-05"}}`,
		`{"text":"every now and then",` + at + `}`:          `{"parts":[],"task":{"title":"every now and then"}}`,
	} {
		w := b.send("POST", "/api/todos/parse", body)
		if got := strings.TrimSpace(w.Body.String()); w.Code != http.StatusOK || got != want {
			t.Errorf("%s\n got %d %s\nwant %s", body, w.Code, got, want)
		}
	}
}

func TestParseUsesTheUsersPreferences(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.send("PUT", "/api/preferences", `{"timezone":"Asia/Tokyo","week_start":"sunday"}`)
	w := b.send("POST", "/api/todos/parse", `{"text":"call next sunday at 9am","now":"2026-11-25T09:00:00Z"}`)
	if !strings.Contains(w.Body.String(), `"due_at":"2026-11-29T00:00:00Z","timezone":"Asia/Tokyo"`) {
		t.Error(w.Body)
	}
}

func TestParseSaysWhatIsInvalid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, field := range map[string]string{
		`{}`:                               "/text",
		`{"text":""}`:                      "/text",
		`{"text":7}`:                       "/text",
		`{"text":"x","now":"tomorrow"}`:    "/now",
		`{"text":"x","timezone":"Berlin"}`: "/timezone",
		`{"text":"x","week_start":"Mon"}`:  "/week_start",
		`{"text":"x","titel":"y"}`:         "/titel",
		`{"text":"` + strings.Repeat("x", 1001) + `"}`: "/text",
	} {
		for _, path := range []string{"/api/todos/parse", "/api/todos/quick"} {
			w := b.send("POST", path, body)
			if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"`+field+`"`) {
				t.Errorf("%s %s: %d %s", path, body, w.Code, w.Body)
			}
		}
	}
	w := b.send("POST", "/api/todos/quick", `{"text":"`+strings.Repeat("x", 501)+`"}`)
	if w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"/task/title"`) {
		t.Errorf("a title that is too long: %d %s", w.Code, w.Body)
	}
}

func TestQuickCreatesOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	body := `{"text":"Gym EVERY TUESDAY at 6pm until 31 dec p2 @sport",` + at + `}`
	var ids []string
	for range 2 {
		w := b.send("POST", "/api/todos/quick", body, "Idempotency-Key", "one")
		var got task.Task
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusCreated || w.Header().Get("Location") == "" {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		if got.Title != "Gym" || got.Recurrence == nil || got.Recurrence.RRule != "FREQ=WEEKLY;UNTIL=20261231;BYDAY=TU" {
			t.Errorf("%s", w.Body)
		}
		ids = append(ids, got.ID.String())
	}
	if ids[0] != ids[1] {
		t.Errorf("made twice: %v", ids)
	}
	if w := b.send("POST", "/api/todos/quick", `{"text":"Gym"}`, "Idempotency-Key", "one"); w.Code != http.StatusUnprocessableEntity {
		t.Errorf("another text under the same key: %d %s", w.Code, w.Body)
	}
}

func TestQuickLeavesADayADay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for body, want := range map[string]string{
		`{"text":"call tomorrow",` + at + `}`:    "2026-11-26",
		`{"text":"call today",` + at + `}`:       "2026-11-25",
		`{"text":"run every friday",` + at + `}`: "2026-11-27",
	} {
		w := b.send("POST", "/api/todos/quick", body)
		if w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), `"due_at":null,"due_date":"`+want+`"`) {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
}

// A project whose name has a slash is no section of another.
func TestQuickKnowsTheProjectsWithASlash(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.created(t, `{"title":"x","project":"Home/Bath"}`)
	for text, want := range map[string]string{"Tile #home/bath": `"project":"Home/Bath","section":null`, "Tile #home/kitchen": `"project":"home","section":"kitchen"`} {
		if w := b.send("POST", "/api/todos/quick", `{"text":"`+text+`"}`); w.Code != http.StatusCreated || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", text, w.Code, w.Body)
		}
	}
}
