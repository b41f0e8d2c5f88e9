package links_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"taskwire.dev/tools/links"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, content := range map[string]string{
		"README.md": "# Top\n\n[there](docs/a.md#two-words) [self](#top) [folder](docs) [elsewhere](https://example.org/gone)\n" +
			"[gone](docs/b.md) ![picture](x.png) [heading](docs/a.md#three) `[code](not/a/link.md)`\n",
		"docs/a.md": "# One\n\n## Two words\n\n[back](../README.md)\n\n```\nget pods -o custom-columns=A:.labels.b\\.c/d\n" +
			"get pods -o 'custom-columns=A:.labels.b\\.c/d' \"x\\.y\"\n```\n\n```js\n/a\\.b/\n```\n",
		"node_modules/x/README.md":  "[gone](nowhere.md)\n",
		".local/build/generated.md": "[gone](nowhere.md)\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	broken, err := links.Check(root)
	want := []string{
		"README.md: docs/b.md: there is no such file",
		"README.md: x.png: there is no such file",
		"README.md: docs/a.md#three: there is no such heading",
		`docs/a.md: get pods -o custom-columns=A:.labels.b\.c/d: the shell removes the backslash; quote the argument`,
	}
	if err != nil || !slices.Equal(broken, want) {
		t.Errorf("%q, %v, want %q", broken, err, want)
	}
}
