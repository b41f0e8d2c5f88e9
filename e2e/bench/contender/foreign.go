package contender

import "context"

// foreign is a hub that is somebody else's program.
type foreign struct {
	hub
	process *process
	address string
}

// Memory implements Hub.
func (f *foreign) Memory(context.Context) (int64, error) {
	u, err := f.process.usage()
	return u.RSS, err
}

// Address implements Hub.
func (f *foreign) Address() string { return f.address }

// Close implements Contender.
func (f *foreign) Close(context.Context) error {
	f.disconnect()
	return f.process.close()
}
