package command

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
)

func TestDraftNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	for input, want := range map[string][]string{
		`{}`:             {"/title"},
		`{"title":"  "}`: {"/title"},
		`{"title":"` + strings.Repeat("é", 501) + `"}`: {"/title"},
		`{"title":"a\u0000b"}`:                         {"/title"},
		`{"title":"a\nb"}`:                             {"/title"},
		`{"title":"a","description":"x\u0007"}`:        {"/description"},
		`{"title":"a","priority":"top","due_at":"tomorrow","timezone":"Mars/Base","parent_id":"7","position":"a00"}`: {
			"/priority", "/due_at", "/timezone", "/parent_id", "/position",
		},
		`{"title":"a","reminders":["P"]}`:                                                    {"/reminders"},
		`{"title":"a","reminders":[7,null]}`:                                                 {"/reminders", "/reminders"},
		`{"title":"a","reminders":[{}]}`:                                                     {"/reminders"},
		`{"title":"a","reminders":[{"at":"tomorrow"}]}`:                                      {"/reminders"},
		`{"title":"a","reminders":[{"on":"2026-12-01"}]}`:                                    {"/reminders/on"},
		`{"title":"a","due_date":"2026-12-01T08:00:00Z"}`:                                    {"/due_date"},
		`{"title":"a","due_date":"2026-02-30"}`:                                              {"/due_date"},
		`{"title":"a","due_date":"2026-12-01","due_at":"2026-12-01T08:00:00Z"}`:              {"/due_at", "/due_date"},
		`{"title":"a","due_date":"2026-12-01","recurrence":{"rrule":"FREQ=DAILY;BYHOUR=9"}}`: {"/recurrence/rrule"},
		`{"title":"a","reminders":["P2Y"]}`:                                                  {"/reminders"},
		`{"title":"a","reminders":["soon"]}`:                                                 {"/reminders"},
		`{"title":"a","tags":[""]}`:                                                          {"/tags"},
		`{"title":"a","timezone":"Local"}`:                                                   {"/timezone"},
		`{"title":"a","timezone":""}`:                                                        {"/timezone"},
		`{"title":"a","recurrence":{}}`:                                                      {"/recurrence/rrule"},
		`{"title":"a","recurrence":{"rrule":"FREQ=NEVER"}}`:                                  {"/recurrence/rrule"},
		`{"title":"a","recurrence":{"rrule":"FREQ=DAILY","mode":"x"}}`:                       {"/recurrence/mode"},
	} {
		_, err := draft(t, input)
		var got []string
		for _, f := range fault.From(err).Fields {
			got = append(got, f.Pointer)
		}
		if !fault.Is(err, fault.Invalid) || !slices.Equal(got, want) {
			t.Errorf("%.80s: %v, want %v", input, err, want)
		}
	}
}

func TestDraftTakesWhatFollowsTheRules(t *testing.T) {
	t.Parallel()
	d, err := draft(t, `{"title":" `+strings.Repeat("é", 500)+` ","description":"two\nlines","priority":"urgent","project":" ","tags":["b","a","b"],
		"due_at":"2026-12-01T10:00:00.1234567+02:00","timezone":"Europe/Berlin","reminders":["PT1H","P1D"],
		"recurrence":{"rrule":"FREQ=WEEKLY;BYDAY=MO"},"id":"ignored","version":"ignored"}`)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.DueAt.Format("2006-01-02T15:04:05.999999999Z07:00"); got != "2026-12-01T08:00:00.123456Z" {
		t.Errorf("due_at = %s", got)
	}
	if d.Project != nil || !slices.Equal(d.Tags, []string{"b", "a"}) || d.Recurrence.Mode != task.ModeSchedule || d.Priority.String() != "urgent" {
		t.Errorf("%+v", d)
	}
}

func TestDraftWithADay(t *testing.T) {
	t.Parallel()
	d, err := draft(t, `{"title":"a","due_date":"2028-02-29","reminders":["PT0S",{"at":"2028-02-29T10:00:00+02:00"},"P1M","PT0S"],"overdue_reminders":false,
		"recurrence":{"rrule":"FREQ=YEARLY"}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []task.Reminder{"PT0S", "2028-02-29T08:00:00Z", "P1M"}
	if d.DueAt != nil || d.DueDate.String() != "2028-02-29" || !slices.Equal(d.Reminders, want) || d.OverdueReminders == nil || *d.OverdueReminders {
		t.Errorf("%+v", d)
	}
	if d, err := draft(t, `{"title":"a","reminders":null}`); err != nil || d.Reminders != nil || d.OverdueReminders != nil {
		t.Errorf("the user's own: %+v, %v", d, err)
	}
	if d, err := draft(t, `{"title":"a","reminders":[]}`); err != nil || d.Reminders == nil {
		t.Errorf("none: %+v, %v", d, err)
	}
}

func draft(t *testing.T, input string) (task.Draft, error) {
	t.Helper()
	var in Input
	if err := json.Unmarshal([]byte(input), &in); err != nil {
		t.Fatal(err)
	}
	return in.Draft()
}

func FuzzInput(f *testing.F) {
	f.Add([]byte(`{"title":"a","recurrence":{"rrule":"FREQ=DAILY;UNTIL=20270101T000000Z"},"reminders":["P1W"]}`))
	f.Add([]byte(`{"title":"a","recurrence":{"rrule":"DTSTART:20270101T000000Z\nRRULE:FREQ=DAILY"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		var in Input
		if json.Unmarshal(b, &in) != nil {
			return
		}
		if _, err := in.Draft(); err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestInputCreate_TakesOnlyAUUIDv7InLowerCase(t *testing.T) {
	t.Parallel()
	const good = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"
	for id, want := range map[string]bool{
		`"` + good + `"`:                             true,
		`null`:                                       true,
		`"019AA8F0-7C00-7A10-8B5E-3F2A1C4D5E6F"`:     false,
		`"019aa8f07c007a108b5e3f2a1c4d5e6f"`:         false,
		`"{019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f}"`:   false,
		`"019aa8f0-7c00-4a10-8b5e-3f2a1c4d5e6f"`:     false, // version 4
		`"019aa8f0-7c00-7a10-cb5e-3f2a1c4d5e6f"`:     false, // another variant
		`"00000000-0000-0000-0000-000000000000"`:     false,
		`"urn:uuid:019aa8f0-7c00-7a10-8b5e-3f2a1c4"`: false,
		`""`: false,
		`7`:  false,
		`{}`: false,
	} {
		var in Input
		if err := json.Unmarshal([]byte(`{"title":"x","id":`+id+`}`), &in); err != nil {
			t.Fatal(err)
		}
		create, err := in.Create()
		if (err == nil) != want {
			t.Errorf("%s: %v", id, err)
		}
		if err != nil && fault.From(err).Fields[0].Pointer != "/id" {
			t.Errorf("%s: %v", id, err)
		}
		if id == `"`+good+`"` && create.ID.String() != good {
			t.Errorf("%s became %s", id, create.ID)
		}
	}
}
