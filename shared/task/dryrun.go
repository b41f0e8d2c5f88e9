package task

// DryRun finds out what a command would do: the outcome is the command's own, under the same rules and the same
// lock, but the ledger forgets it, so that nothing is written.
type DryRun struct{ Command }

// Apply records nothing.
func (d DryRun) Apply(l *Ledger) (Outcome, error) {
	o, err := d.Command.Apply(l)
	l.events = nil
	return o, err
}
