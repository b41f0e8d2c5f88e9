// Package generated writes generated files, and checks that they are up to date.
package generated

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// Command updates all generated files.
const Command = "make generate"

// Files are generated files: by path below the root of the repository, their content. It is made from the current one,
// because parts of some files are written by hand; a missing file is empty.
type Files map[string]func(old []byte) ([]byte, error)

// Fixed is the content of a file that has no parts written by hand.
func Fixed(content []byte) func([]byte) ([]byte, error) {
	return func([]byte) ([]byte, error) { return content, nil }
}

// Write writes the files that are out of date and returns their paths.
func (f Files) Write(root string) (written []string, err error) {
	different, err := f.outOfDate(root)
	if err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(different)) {
		full := filepath.Join(root, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return written, err
		}
		if err := os.WriteFile(full, different[path], 0o644); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

// Check returns an error that names each file that is out of date, and the command that updates it.
func (f Files) Check(root string) error {
	different, err := f.outOfDate(root)
	if err != nil {
		return err
	}
	var problems []error
	for _, path := range slices.Sorted(maps.Keys(different)) {
		problems = append(problems, fmt.Errorf("%s is out of date: run %s", path, Command))
	}
	return errors.Join(problems...)
}

// outOfDate returns the files whose content differs, with the content that they should have.
func (f Files) outOfDate(root string) (map[string][]byte, error) {
	different := map[string][]byte{}
	for path, generate := range f {
		old, err := os.ReadFile(filepath.Join(root, path))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		content, err := generate(old)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if !bytes.Equal(old, content) {
			different[path] = content
		}
	}
	return different, nil
}
