// Package cache stores what is slow to build, under a hash of what it was built from.
package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Dir is the user's cache, so that it outlives a clone; or the repository's if there is no home.
func Dir(root string) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return filepath.Join(root, ".local", "cache")
	}
	return filepath.Join(dir, "taskwire")
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
