package task

// DryRun returns what a command would do: the outcome is the command's, under the same rules and the same lock, but the
// ledger discards the events, so that nothing is written.
type DryRun struct{ Command }

// Apply records nothing.
func (d DryRun) Apply(l *Ledger) (Outcome, error) {
	o, err := d.Command.Apply(l)
	l.events = nil
	return o, err
}
