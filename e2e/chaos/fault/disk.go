package fault

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"

	"taskwire.dev/e2e/stack"
)

// Disks are file systems in memory, one for each server with data, which can be shrunk to the size of their contents.
type Disks struct{ mounts map[string]string }

// folders are where the laptop runner stores the data of a server, in the folder of its profile.
var folders = map[string]string{stack.Postgres: "pg", stack.Broker: "broker"}

const roomy = "size=8g"

// Mount creates the disks of a profile that has no data yet, or finds its existing ones. Without the permission to
// mount there are none.
func Mount(s *stack.Stack) (*Disks, error) {
	d := &Disks{mounts: map[string]string{}}
	if os.Geteuid() != 0 {
		return d, nil
	}
	state := filepath.Join(s.Root(), ".local", s.Profile())
	if err := os.MkdirAll(state, 0o755); err != nil {
		return d, err
	}
	for part, folder := range folders {
		// Not below the repository, which PostgreSQL's account may be unable to reach.
		at := filepath.Join(os.TempDir(), "taskwire-"+s.Profile()+"-"+folder)
		data, place := filepath.Join(at, "data"), filepath.Join(state, folder)
		if found, err := os.Readlink(place); err == nil && found == data {
			d.mounts[part] = at
			continue
		}
		if _, err := os.Lstat(place); err == nil {
			continue // its data are elsewhere already
		}
		if err := os.MkdirAll(at, 0o755); err != nil {
			return d, err
		}
		for unix.Unmount(at, unix.MNT_DETACH) == nil { // left by a run that was killed
		}
		if err := unix.Mount("tmpfs", at, "tmpfs", 0, roomy+",mode=0755"); err != nil {
			fmt.Fprintf(os.Stderr, "no disk of %s can be full: mounting a file system is refused (%v)\n", part, err)
			continue
		}
		d.mounts[part] = at
		if err := os.Mkdir(data, 0o755); err != nil {
			return d, err
		}
		if err := os.Symlink(data, place); err != nil {
			return d, err
		}
	}
	return d, nil
}

// Unmount removes them, with their contents. The stack must be down.
func (d *Disks) Unmount() {
	for _, at := range d.mounts {
		_ = unix.Unmount(at, unix.MNT_DETACH)
		_ = os.Remove(at)
	}
}

// Parts are the parts whose disk can be full.
func (d *Disks) Parts() []string {
	if d == nil {
		return nil
	}
	var parts []string
	for part := range d.mounts {
		parts = append(parts, part)
	}
	slices.Sort(parts)
	return parts
}

// Fill leaves no room on the disk of a part.
func (d *Disks) Fill(part string) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(d.mounts[part], &stat); err != nil {
		return err
	}
	used := (stat.Blocks - stat.Bfree) * uint64(stat.Bsize)
	return unix.Mount("tmpfs", d.mounts[part], "tmpfs", unix.MS_REMOUNT, fmt.Sprintf("size=%d", used+1))
}

// Empty frees the room again.
func (d *Disks) Empty(part string) error {
	return unix.Mount("tmpfs", d.mounts[part], "tmpfs", unix.MS_REMOUNT, roomy)
}
