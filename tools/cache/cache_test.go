package cache

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestKeep_RemovesTheLeastRecentlyUsedOfTheSameName(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	began := time.Now().Add(-time.Hour)
	for i, name := range []string{"frontend-a", "frontend-b", "frontend-c", "frontend-d", "daprd-a"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Join(path, "pages"), 0o755); err != nil {
			t.Fatal(err)
		}
		at := began.Add(time.Duration(i) * time.Minute)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := Keep(filepath.Join(dir, "frontend-a"), 2); err != nil { // the oldest, and used now
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if want := []string{"daprd-a", "frontend-a", "frontend-d"}; !slices.Equal(left, want) {
		t.Errorf("%q are left, want %q", left, want)
	}
}
