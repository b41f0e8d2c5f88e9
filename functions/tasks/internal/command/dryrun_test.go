package command

import (
	"testing"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/task/tasktest"
)

func TestDryRun_TellsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	b := tasktest.NewBook()
	made := b.Create(t, "Kept", nil)
	o, err := b.Do(DryRun{task.SetCompleted{ID: made.ID, Completed: true}})
	if err != nil || o.Task == nil || !o.Task.Completed || o.Task.Version != 2 || o.Event == nil {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err = b.Do(DryRun{task.Delete{ID: made.ID}}); err != nil || o.TaskID != made.ID {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err = b.Do(DryRun{task.Delete{ID: [16]byte{1}}}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a dry run of what cannot be done: %v", err)
	}
	if len(b.Log) != 1 || b.Tasks[made.ID].Completed || b.Tasks[made.ID].DeletedAt != nil {
		t.Errorf("something was kept: %+v", b.Log)
	}
}
