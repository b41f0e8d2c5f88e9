package function

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"taskwire.dev/functions/tasks/internal/command"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
)

// batchInput is the body of POST /api/todos/batch.
type batchInput struct {
	Operations []operation `json:"operations"`
}

// operation is one change of a batch. Its task is the input of a create, or the merge patch of an update.
type operation struct {
	Op    string          `json:"op"`
	ID    *string         `json:"id"`
	Task  json.RawMessage `json:"task"`
	Scope task.Scope      `json:"scope"` // of an update or delete, as in the query of a single one
}

// batchResult is the result of one operation.
type batchResult struct {
	Status int            `json:"status"`
	ID     uuid.UUID      `json:"id"`
	Task   *completedTask `json:"task"`
}

func (f *Function) batch(w http.ResponseWriter, r *http.Request, who token.Principal) error {
	body, err := readJSON(w, r, jsonType)
	if err != nil {
		return err
	}
	var in batchInput
	if err := httpapi.DecodeJSON(body, &in); err != nil {
		return err
	}
	batch, err := in.commands()
	if err != nil {
		return err
	}
	return f.execute(w, r, who, body, batch, func(o task.Outcome) idempotency.Answer {
		results := make([]batchResult, len(o.Batch))
		for i, one := range o.Batch {
			results[i] = batchResult{Status: in.Operations[i].status(), ID: one.TaskID}
			if one.Task != nil {
				results[i].Task = &completedTask{one.Task, one.Next}
			}
		}
		return httpapi.JSONAnswer(http.StatusOK, map[string]any{"results": results}, nil)
	})
}

// commands checks the operations until there are more errors than are listed.
func (in batchInput) commands() (command.Batch, error) {
	var fs fault.Fields
	if n := len(in.Operations); n == 0 || n > command.MaxBatch {
		fs.Add("/operations", "must have 1 to %d operations", command.MaxBatch)
		return nil, fs.Err()
	}
	batch := make(command.Batch, len(in.Operations))
	for i, op := range in.Operations {
		cmd, err := op.command()
		fs.AddUnder("/operations/"+strconv.Itoa(i), err)
		if fs.Full() {
			break
		}
		batch[i] = cmd
	}
	return batch, fs.Err()
}

func (op operation) command() (task.Command, error) {
	if op.Op == "create" {
		return op.create()
	}
	var fs fault.Fields
	var id uuid.UUID
	if op.ID == nil {
		fs.Add("/id", "is required")
	} else if parsed, ok := task.ParseID(*op.ID); !ok {
		fs.Add("/id", "must be a UUID")
	} else {
		id = parsed
	}
	switch op.Op {
	case "update":
		if len(op.Task) == 0 {
			fs.Add("/task", "is required")
		}
		edit := mergePatch(id, op.Task, nil)
		edit.Scope = op.scope(&fs, task.ScopeThis, task.ScopeFollowing)
		return underTask{edit}, fs.Err()
	case "complete":
		op.without(&fs, "/scope", op.Scope != "")
		completed := true
		if op.hasTask() {
			var c completion
			if err := httpapi.DecodeJSON(op.Task, &c); err != nil {
				return nil, fault.Under("/task", err)
			}
			completed = c.Completed == nil || *c.Completed
		}
		return task.SetCompleted{ID: id, Completed: completed}, fs.Err()
	case "delete":
		op.without(&fs, "/task", op.hasTask())
		return task.Delete{ID: id, Scope: op.scope(&fs, task.ScopeThis, task.ScopeSeries)}, fs.Err()
	default:
		fs.Add("/op", "must be create, update, complete or delete")
		return nil, fs.Err()
	}
}

// hasTask reports whether the operation has a task that is not null.
func (op operation) hasTask() bool { return len(op.Task) > 0 && string(op.Task) != "null" }

// without adds a fault for a member that this kind of operation does not have: a client that sends it means something else.
func (op operation) without(fs *fault.Fields, member string, given bool) {
	if given {
		fs.Add(member, "is not a member of the operation %s", op.Op)
	}
}

func (op operation) scope(fs *fault.Fields, allowed ...task.Scope) task.Scope {
	scope, err := checkScope(op.Scope, allowed...)
	fs.AddUnder("", err)
	return scope
}

// create takes the new task's id from the operation, like the other operations, or from the task, like POST /api/todos.
func (op operation) create() (task.Command, error) {
	var fs fault.Fields
	op.without(&fs, "/scope", op.Scope != "")
	create, err := decodeCreate(op.Task)
	fs.AddUnder("/task", err)
	if op.ID != nil {
		id, ok := command.ParseChosenID(*op.ID)
		switch {
		case !ok:
			fs.Add("/id", command.ChosenIDRule)
		case create.ID != uuid.Nil && create.ID != id:
			fs.Add("/id", "must be the same as /task/id")
		}
		create.ID = id
	}
	return underTask{create}, fs.Err()
}

// underTask makes the errors in a command's input point at its place in the operation.
type underTask struct{ task.Command }

// Apply does what the command does.
func (u underTask) Apply(l *task.Ledger) (task.Outcome, error) {
	o, err := u.Command.Apply(l)
	if fault.Is(err, fault.Invalid) {
		err = fault.Under("/task", err)
	}
	return o, err
}

func (op operation) status() int {
	switch op.Op {
	case "create":
		return http.StatusCreated
	case "delete":
		return http.StatusNoContent
	default:
		return http.StatusOK
	}
}
