package links_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"taskwire.dev/tools/links"
)

func TestCheckTests(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, content := range map[string]string{
		"docs/security.md": "`TestHere`, `TestHe*`, `TestHere*`, `TestGone`, `make test`\n`TestThere`\n`TestThere` in `e2e`, `TestHere`, `a.spec.ts` in `web`\n" +
			"the attacks “replay” and “frames”, `b.spec.ts`\nsays “hello”\n" +
			"`TestHere` and `TestThere` in `e2e`\n`TestHere` in `functions/auth` and `e2e`, `TestThere`\n`TestBoth`, `TestThere` and `TestBoth` in `e2e`; `TestBoth`\n",
		"e2e/security/attacks.go":     "{name: \"replay\", run: replay},\n",
		"functions/auth/here_test.go": "func TestHere(t *testing.T) {}\nfunc TestBoth(t *testing.T) {}\n",
		"e2e/there_test.go":           "// func TestGone(\nfunc TestThere(t *testing.T) {}\nfunc TestBoth(t *testing.T) {}\n",
		"web/a.spec.ts":               "",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	missing, err := links.CheckTests(root)
	want := []string{
		"1: TestHere* is not in functions/auth", "1: TestGone is not in functions/auth", "2: TestThere is not in functions/auth",
		"4: b.spec.ts is not in functions/auth", "4: “frames” is not in e2e/security/attacks.go",
		"6: TestHere is not in e2e", "7: TestHere is not in e2e", "7: TestThere is not in functions/auth",
	}
	if err != nil || !slices.Equal(missing, want) {
		t.Errorf("%q, %v, want %q", missing, err, want)
	}
}

func TestCheckNames(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, content := range map[string]string{
		"docs/a.md":                   "`TestHere`, `TestHe*`, `TestGone`\nTestProse, `testdata`\n`TestGo*` of `e2e`\n",
		"shared/deep/here_test.go":    "func TestHere(t *testing.T) {}\n",
		"node_modules/x/gone_test.go": "func TestGone(t *testing.T) {}\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	missing, err := links.CheckNames(root)
	if want := []string{"docs/a.md: 1: TestGone", "docs/a.md: 3: TestGo*"}; err != nil || !slices.Equal(missing, want) {
		t.Errorf("%q, %v, want %q", missing, err, want)
	}
}
