package engine

import (
	"strings"

	"taskwire.dev/e2e/chaos/verdict"
	"taskwire.dev/e2e/load"
)

// frames returns, for what a listener kept, the entries of the log that it shows.
func frames(kept []load.Kept) []verdict.Frame {
	all := make([]verdict.Frame, len(kept))
	for i, k := range kept {
		f := verdict.Frame{Event: k.Event, Epoch: k.Epoch, Seq: k.Seq, User: k.UserID, Task: k.ID}
		switch k.Event {
		case verdict.Hello, verdict.Reset:
		default: // such as sync.task-changed or sync.notification-created
			kind, _, _ := strings.Cut(strings.TrimPrefix(k.Event, "sync."), "-")
			f.Type = kind + "." + k.ChangeType
		}
		all[i] = f
	}
	return all
}
