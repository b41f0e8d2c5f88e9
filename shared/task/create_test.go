package task

import (
	"encoding/json"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
)

func titled(title string) Draft { return Draft{Title: title, Tags: []string{}, Reminders: []string{}} }

func TestCreate_WithAChosenID_HappensOnce(t *testing.T) {
	t.Parallel()
	b := newBook()
	id := uuid.Must(uuid.NewV7())
	create := Create{ID: id, Draft: titled("Buy milk")}
	first, err := b.do(create)
	if err != nil || first.TaskID != id || first.Task.ID != id {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := b.do(Replace{ID: id, Draft: titled("Buy oat milk")}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.do(Delete{ID: id}); err != nil {
		t.Fatal(err)
	}
	again, err := b.do(create)
	if err != nil || again.Event.ID != first.Event.ID || len(Diff(again.Task, first.Task)) > 0 || again.Task.Version != 1 {
		t.Errorf("the same task again, changed and deleted since: %+v, %v", again, err)
	}
	if len(b.log) != 3 {
		t.Errorf("%d events, want created, updated and deleted", len(b.log))
	}
	for name, other := range map[string]Draft{
		"another title":     titled("Buy oat milk"),
		"another position":  {Title: "Buy milk", Tags: []string{}, Reminders: []string{}, Position: "Zz"},
		"another parent":    {Title: "Buy milk", Tags: []string{}, Reminders: []string{}, ParentID: &id},
		"already completed": {Title: "Buy milk", Tags: []string{}, Reminders: []string{}, Completed: true},
	} {
		if _, err := b.do(Create{ID: id, Draft: other}); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreate_WithAnothersID_IsAConflict(t *testing.T) {
	t.Parallel()
	id := uuid.Must(uuid.NewV7())
	l := &Ledger{NewID: uuid.New}
	l.LoadTaken(id)
	if _, err := (Create{ID: id, Draft: titled("x")}).Apply(l); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	if _, err := (Create{Draft: titled("x")}).Apply(l); err != nil {
		t.Errorf("without an id: %v", err)
	}
}

func TestBatch_UsesAChosenIDInLaterOperations(t *testing.T) {
	t.Parallel()
	id, child := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	below := titled("child")
	below.ParentID = &id
	create := Create{ID: id, Draft: titled("x")}
	commands := Batch{create, Create{ID: child, Draft: below}, SetCompleted{ID: child, Completed: true}, create}
	if chosen := commands.Needs().Chosen; len(chosen) != 3 {
		t.Errorf("needs %v", chosen)
	}
	b := newBook()
	o, err := b.do(commands)
	if err != nil || len(b.log) != 3 || o.Batch[3].Event.ID != o.Batch[0].Event.ID {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := b.do(Batch{Create{ID: uuid.Must(uuid.NewV7()), Draft: titled("new")}, Create{ID: id, Draft: titled("y")}}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
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
