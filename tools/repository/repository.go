// Package repository finds the repository that a command is run in.
package repository

import (
	"errors"
	"os"
	"path/filepath"
)

// Root walks up from the working directory to the repository, recognized by functions/ and dapr/base.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if isDir(filepath.Join(dir, "functions")) && isDir(filepath.Join(dir, "dapr", "base")) {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("not inside the Taskwire repository: no functions/ and dapr/ here or above")
		}
		dir = parent
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
