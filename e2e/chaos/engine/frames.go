package engine

import (
	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/load"
)

// frames returns, for what a listener kept, the entries of the log that it shows.
func frames(kept []load.Kept) []verdict.Frame {
	all := make([]verdict.Frame, len(kept))
	for i, k := range kept {
		f := verdict.Frame{Event: k.Event, Epoch: k.Epoch, Seq: k.Seq, User: k.UserID, Task: k.TaskID}
		switch k.Event {
		case verdict.Hello, verdict.Reset:
		case "sync.task-changed":
			f.Type = "task." + k.ChangeType
		default:
			f.Type = "notification." + k.ChangeType
		}
		all[i] = f
	}
	return all
}
