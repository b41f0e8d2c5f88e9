package zonetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Misled runs the test that calls it once more, in a process for whose standard library Berlin has Tokyo's time and there is a zone
// Mars/Olympus. It reports whether this is that process; in the other there is nothing left to test.
func Misled(t *testing.T) bool {
	t.Helper()
	const child = "TASKWIRE_TEST_ZONES"
	if os.Getenv(child) != "" {
		return true
	}
	t.Parallel()
	dir := t.TempDir()
	// RFC 9636: version 2, no transitions, one type of local time, nine hours east of Greenwich.
	block := "TZif2" + strings.Repeat("\x00", 15+4*4+3) + "\x01" + "\x00\x00\x00\x04" + "\x00\x00\x7e\x90\x00\x00" + "JST\x00"
	tokyo := []byte(block + block + "\nJST-9\n")
	for _, name := range []string{"Europe/Berlin", "Mars/Olympus"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, tokyo, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // the name of a test of this binary
	again.Env = append(os.Environ(), child+"=1", "ZONEINFO="+dir)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	return false
}
