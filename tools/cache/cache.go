// Package cache stores what is slow to build, under a hash of what it was built from.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Dir is the user's cache, so that it outlives a clone; or the repository's if there is no home.
func Dir(root string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(root, ".local", "cache")
	}
	return filepath.Join(dir, "taskwire")
}

// Keep marks an entry as used and removes the least recently used ones of its name, which is the part before its last hyphen, until at
// most that many are left. It is for entries that are copied from here, not for programs that run from here.
func Keep(entry string, most int) error {
	now := time.Now()
	if err := os.Chtimes(entry, now, now); err != nil {
		return err
	}
	all, err := filepath.Glob(entry[:strings.LastIndex(entry, "-")+1] + "*")
	if err != nil {
		return err
	}
	used := map[string]time.Time{}
	for _, path := range all {
		if info, err := os.Stat(path); err == nil { // or another process has removed it
			used[path] = info.ModTime()
		}
	}
	slices.SortFunc(all, func(a, b string) int { return used[b].Compare(used[a]) })
	for _, path := range all[min(most, len(all)):] {
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return nil
}

// Key hashes files, their names, and further inputs.
func Key(files []string, context ...any) (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, context...)
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		fmt.Fprintln(hash, filepath.Base(path))
		_, err = io.Copy(hash, file)
		_ = file.Close()
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil))[:16], nil
}
