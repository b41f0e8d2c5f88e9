package profile

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Lock keeps two commands from changing one profile at once. The kernel releases it when the process dies. The file is outside of the
// profile's folder, which is deleted under the lock.
func (p Profile) Lock() (unlock func(), err error) {
	return lock(p.Dir()+".lock", true)
}

// LockBuild serializes the builds of two profiles: they write the same .func/build folders.
func (p Profile) LockBuild() (unlock func(), err error) {
	return lock(filepath.Join(p.Root, ".local", "build.lock"), false)
}

func lock(path string, refuse bool) (func(), error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	how := syscall.LOCK_EX
	if refuse {
		how |= syscall.LOCK_NB
	}
	if err := syscall.Flock(int(file.Fd()), how); err != nil {
		_ = file.Close()
		if refuse {
			return nil, fmt.Errorf("another command is working on this profile (%s is locked)", path)
		}
		return nil, err
	}
	return func() { _ = file.Close() }, nil
}
