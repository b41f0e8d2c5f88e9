package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// account is the account that PostgreSQL runs as; the zero account is the caller's.
type account struct{ uid, gid uint32 }

// unprivileged picks the account: PostgreSQL refuses to run as root.
func unprivileged() (account, error) {
	if os.Geteuid() != 0 {
		return account{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(found.Uid, 10, 32)
		if err != nil {
			continue
		}
		gid, err := strconv.ParseUint(found.Gid, 10, 32)
		if err != nil {
			continue
		}
		return account{uint32(uid), uint32(gid)}, nil
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody user")
}

func (a account) credential() *syscall.Credential {
	if a.uid == 0 {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

func (a account) own(path string) error {
	if a.uid == 0 {
		return nil
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

// home returns a place for a data folder that the account can reach. If root's clone is in a folder that others cannot
// enter, such as /root or a private temporary folder, that is a folder in /var/lib, and the wanted path becomes a link
// to it.
func (a account) home(wanted string) (string, error) {
	if target, err := filepath.EvalSymlinks(wanted); err == nil {
		return target, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	parent := filepath.Dir(wanted)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", err
	}
	if a.uid == 0 || a.reaches(parent) {
		return wanted, nil
	}
	target := elsewhere(wanted)
	if err := os.MkdirAll(filepath.Dir(target), 0o711); err != nil {
		return "", err
	}
	_ = os.Remove(wanted) // a dangling link
	return target, os.Symlink(target, wanted)
}

// reaches reports whether the account can enter every folder down to dir.
func (a account) reaches(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil {
			return false
		}
		owner, ok := info.Sys().(*syscall.Stat_t)
		mode := info.Mode().Perm()
		if !ok || (mode&0o001 == 0 && (owner.Uid != a.uid || mode&0o100 == 0) && (owner.Gid != a.gid || mode&0o010 == 0)) {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// Remove deletes a data folder, wherever the link points, and what an interrupted start has left beside it.
func Remove(wanted string) error {
	places := []string{elsewhere(wanted), wanted}
	// A repository that was moved keeps its link, whose target has the name of the former path. The link goes last: an interrupted
	// removal must find it again.
	if target, err := os.Readlink(wanted); err == nil {
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(wanted), target)
		}
		places = append([]string{target}, places...)
	}
	for _, place := range places {
		for _, path := range []string{freshData(place), passwordFile(place), place} {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("remove %s: %w", path, err)
			}
		}
	}
	return nil
}

func elsewhere(wanted string) string {
	sum := sha256.Sum256([]byte(wanted))
	return filepath.Join("/var/lib/taskwire", hex.EncodeToString(sum[:])[:12])
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
