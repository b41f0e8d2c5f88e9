package registry

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTaken_HasEveryNameOfAStack finds the names in the sources: those of processes, logs and programs on a laptop, and of Services.
func TestTaken_HasEveryNameOfAStack(t *testing.T) {
	t.Parallel()
	functions, err := Load(root)
	if err != nil {
		t.Fatal(err)
	}
	for folder, pattern := range map[string]string{
		"local/internal": `(?:\sName: +|Part += |s\.log\(|b\.Command\(ctx, )"([a-z-]+)"`,
		"eventing":       `(?m)^apiVersion: v1\nkind: Service\nmetadata:(?:\n  | \{)name: ([a-z-]+)`,
	} {
		named, found := regexp.MustCompile(pattern), 0
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") {
				return err
			}
			content, err := os.ReadFile(path)
			for _, match := range named.FindAllStringSubmatch(string(content), -1) {
				found++
				if _, isFunction := functions.named(match[1]); !slices.Contains(Taken, match[1]) && !isFunction {
					t.Errorf("%s names %s, which is not in Taken", path, match[1])
				}
			}
			return err
		})
		if err != nil || found < 10 {
			t.Errorf("%s: %d names, %v", folder, found, err)
		}
	}
}

func TestCheckName(t *testing.T) {
	t.Parallel()
	to := repository(t)
	write(t, to, "other-2")
	r, err := Load(to)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"migrate":       "another part of a stack has the name migrate",
		"good-dapr":     "another part of a stack has the name good-dapr",
		"public":        "the function's address would replace the setting PUBLIC_URL of eventing/base/config.yaml",
		"other":         "other-2 is the name of another copy of the function other",
		"other-2-3":     "other-2-3 is the name of another copy of the function other-2",
		"other-3":       "",
		"public-export": "",
	} {
		if err := r.CheckName(name); err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	write(t, to, "rules")
	if _, err := Load(to); err == nil || !strings.Contains(err.Error(), "functions/rules/func.yaml: name: the function's address would replace the setting RULES_URL") {
		t.Errorf("a folder that was copied by hand: %v", err)
	}
}
