package install

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An upgrade of the system installs a newer PostgreSQL beside the one that made the data, and may remove that later.
func TestPostgresBinFor_TheVersionThatMadeTheData(t *testing.T) {
	t.Parallel()
	debian, data := t.TempDir(), t.TempDir()
	write := func(path, content string) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range []string{"15", "17"} {
		write(filepath.Join(debian, version, "bin", "initdb"), "")
	}
	write(filepath.Join(data, "PG_VERSION"), "15\n")
	if bin, err := postgresBinFor(debian, data); err != nil || bin != filepath.Join(debian, "15", "bin") {
		t.Errorf("%s, %v", bin, err)
	}
	write(filepath.Join(data, "PG_VERSION"), "16\n")
	_, err := postgresBinFor(debian, data)
	if err == nil || !strings.Contains(err.Error(), "made by PostgreSQL 16, and 17 is installed") {
		t.Errorf("error %v", err)
	}
}
