package command

import (
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

func TestBatch_UsesAChosenIDInLaterOperations(t *testing.T) {
	t.Parallel()
	id, child := uuid.Must(uuid.NewV7()), uuid.Must(uuid.NewV7())
	below := tasktest.Draft("child")
	below.ParentID = &id
	create := task.Create{ID: id, Draft: tasktest.Draft("x")}
	commands := Batch{create, task.Create{ID: child, Draft: below}, task.SetCompleted{ID: child, Completed: true}, create}
	if chosen := commands.Needs().Chosen; len(chosen) != 3 {
		t.Errorf("needs %v", chosen)
	}
	b := tasktest.NewBook()
	o, err := b.Do(commands)
	if err != nil || len(b.Log) != 3 || o.Batch[3].Event.ID != o.Batch[0].Event.ID {
		t.Fatalf("%+v, %v", o, err)
	}
	if _, err := b.Do(Batch{task.Create{ID: uuid.Must(uuid.NewV7()), Draft: tasktest.Draft("new")}, task.Create{ID: id, Draft: tasktest.Draft("y")}}); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
}

func TestBatchNamesTheOperationThatFails(t *testing.T) {
	t.Parallel()
	_, err := tasktest.NewBook().Do(Batch{task.Create{Draft: task.Draft{Title: "kept?"}}, task.Delete{ID: uuid.New()}})
	if f := fault.From(err); f.Code != fault.NotFound || len(f.Fields) != 1 || f.Fields[0].Pointer != "/operations/1" {
		t.Errorf("%+v", f)
	}
}
