package memory

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"
)

// fileMemory is the resident memory of this process that is a file's, in KB.
func fileMemory(t *testing.T) (kilobytes int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(status, []byte("RssFile:"))
	if _, err := fmt.Sscan(string(rest), &kilobytes); err != nil {
		t.Fatal(err)
	}
	return kilobytes
}

// The process has less memory afterwards, and its code and constants are as before.
func TestUnmapFile(t *testing.T) {
	use := func() string {
		text, err := json.Marshal(map[string]any{"code and constants": []float64{1.5}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	before := use()
	used := fileMemory(t)
	unmapFile()
	if left := fileMemory(t); left >= used {
		t.Errorf("%d KB of files before, %d KB after", used, left)
	}
	if after := use(); after != before {
		t.Errorf("%q, then %q", before, after)
	}
}
