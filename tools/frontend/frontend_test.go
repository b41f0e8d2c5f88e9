package frontend

import (
	"os"
	"path/filepath"
	"testing"
)

func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSourceKey_ChangesWithSourcesOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	key := func() string {
		t.Helper()
		k, err := sourceKey(dir)
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	write(t, dir, map[string]string{"package-lock.json": "{}", "src/app/page.tsx": "1"})
	first := key()
	write(t, dir, map[string]string{
		"node_modules/a/index.js": "1", ".next/trace": "1", "out/index.html": "1", "e2e/a.spec.ts": "1", "src/a.test.ts": "1",
		"src/messages/common.ts": "1",
	})
	if key() != first {
		t.Error("what the tools write, or a test, makes another build")
	}
	write(t, dir, map[string]string{"src/app/page.tsx": "2"})
	if key() == first {
		t.Error("a changed source makes no other build")
	}
}

func TestReplaceFiles_LeavesNothingOld(t *testing.T) {
	t.Parallel()
	source, target := t.TempDir(), t.TempDir()
	write(t, source, map[string]string{"manifest.json": "{}", "_next/static/a.js": "new"})
	write(t, target, map[string]string{".gitignore": "*", "manifest.json": "old", "_next/static/b.js": "old", "c": "old"})
	if err := replaceFiles(target, source, "key"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{".gitignore": "*", "manifest.json": "{}", "_next/static/a.js": "new", keyFile: "key"} {
		if got, err := os.ReadFile(filepath.Join(target, name)); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	for _, name := range []string{"_next/static/b.js", "c"} {
		if _, err := os.Stat(filepath.Join(target, name)); err == nil {
			t.Errorf("%s is still there", name)
		}
	}
}
