package task

import (
	"testing"

	"taskwire.dev/shared/fault"
)

func TestDryRun_TellsAndKeepsNothing(t *testing.T) {
	t.Parallel()
	b := newBook()
	made := b.create(t, "Kept", nil)
	o, err := b.do(DryRun{SetCompleted{ID: made.ID, Completed: true}})
	if err != nil || o.Task == nil || !o.Task.Completed || o.Task.Version != 2 || o.Event == nil {
		t.Errorf("%+v, %v", o, err)
	}
	if o, err = b.do(DryRun{Delete{ID: made.ID}}); err != nil || o.TaskID != made.ID {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err = b.do(DryRun{Delete{ID: [16]byte{1}}}); !fault.Is(err, fault.NotFound) {
		t.Errorf("a dry run of what cannot be done: %v", err)
	}
	if len(b.log) != 1 || b.tasks[made.ID].Completed || b.tasks[made.ID].DeletedAt != nil {
		t.Errorf("something was kept: %+v", b.log)
	}
}
