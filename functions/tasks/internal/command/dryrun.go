package command

import "taskwire.dev/shared/task"

// DryRun returns what a command would do: the outcome is the command's, under the same rules and the same lock, but the
// ledger discards the events, so that nothing is written.
type DryRun struct{ task.Command }

// Apply records nothing.
func (d DryRun) Apply(l *task.Ledger) (task.Outcome, error) {
	o, err := d.Command.Apply(l)
	if err == nil {
		err = l.CheckBounds()
	}
	l.Discard()
	return o, err
}
