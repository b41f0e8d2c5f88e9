package command

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBackupFile_RefusesWhatCannotBeABackup(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "taskwire.zip")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := backupFile(file); got != file || err != nil {
		t.Errorf("%s, %v; want %s", got, err, file)
	}
	// `make restore` without FILE gives the empty name, which is the working directory's.
	for _, name := range []string{"", ".", dir, filepath.Join(dir, "missing.zip")} {
		if got, err := backupFile(name); err == nil {
			t.Errorf("%q: %s, want an error", name, got)
		}
	}
}
