package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestPolicy(t *testing.T) {
	policy, err := parsePolicy([]byte(`
allowed: [Apache-2.0, MIT]
exceptions:
  - {package: "npm:@img/*", license: LGPL-3.0-or-later, reason: not distributed}
`))
	if err != nil {
		t.Fatal(err)
	}
	excepted := Dependency{Name: "npm:@img/sharp-libvips", License: "LGPL-3.0-or-later"}
	for _, c := range []struct{ name, license, want string }{
		{"go:example.org/a", "MIT", ""},
		{"go:example.org/both", "Apache-2.0 AND MIT", ""},
		{"npm:choice", "(GPL-2.0-only OR MIT)", ""},
		{"npm:copyleft", "GPL-3.0-only", "GPL-3.0-only is not allowed"},
		{"npm:affero", "AGPL-3.0-or-later", "AGPL-3.0-or-later is not allowed"},
		{"go:example.org/mixed", "LGPL-3.0-or-later AND MIT", "is not allowed"},
		{"go:example.org/one-file-unknown", "MIT AND NOASSERTION", "is not allowed"},
		{"npm:words", "SEE LICENSE IN LICENSE", "is not allowed"},
		{"npm:none", "", "no known license"},
		{"npm:@img/changed", "GPL-3.0-only", "GPL-3.0-only is not allowed"},
	} {
		problems := policy.check([]Dependency{excepted, {Name: c.name, Version: "v1", License: c.license}})
		got := strings.Join(problems, "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s under %q: got %q, want %q", c.name, c.license, got, c.want)
		}
	}
	if got := policy.check(nil); len(got) != 1 || !strings.Contains(got[0], "applies to no dependency") {
		t.Errorf("an exception that is no longer needed: got %q", got)
	}
}

func TestPolicy_RefusesWhatIsNoPolicy(t *testing.T) {
	for name, text := range map[string]string{
		"empty":         ``,
		"misspelt":      `allowed: [Apache2]`,
		"unknown field": `{allowed: [MIT], exemptions: []}`,
		"no reason":     `{allowed: [MIT], exceptions: [{package: "npm:a", license: GPL-3.0-only}]}`,
		"no package":    `{allowed: [MIT], exceptions: [{license: GPL-3.0-only, reason: because}]}`,
	} {
		if _, err := parsePolicy([]byte(text)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestLock(t *testing.T) {
	deps, err := parseLock([]byte(`{"lockfileVersion":3,"packages":{
		"": {"name":"self","license":"UNLICENSED"},
		"node_modules/a": {"version":"1.0.0","license":"MIT"},
		"node_modules/a/node_modules/@scope/b": {"version":"2.0.0","license":"ISC","dev":true},
		"node_modules/alias": {"name":"real","version":"3.0.0"}
	}}`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range deps {
		got = append(got, d.Name+" "+d.Version+" "+d.License)
	}
	slices.Sort(got)
	want := []string{"npm:@scope/b 2.0.0 ISC", "npm:a 1.0.0 MIT", "npm:real 3.0.0 "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if _, err := parseLock([]byte(`{"lockfileVersion":1,"dependencies":{"a":{}}}`)); err == nil {
		t.Error("a lock file without licenses passed")
	}
}

func TestLicenseFiles(t *testing.T) {
	root := t.TempDir()
	copied := filepath.Join(root, "internal", "copied")
	if err := os.MkdirAll(filepath.Join(copied, "license"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"LICENSE", "LICENCE.md", "COPYING", "UNLICENSE", "LICENSE-MIT", "MIT-LICENSE.txt",
		"NOTICE", "PATENTS", "license.go", "licenses_test.go", "README.md", "internal/copied/LICENSE",
	} {
		if err := os.WriteFile(filepath.Join(root, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	found, err := licenseFiles(copied, root)
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i], _ = filepath.Rel(root, found[i])
	}
	slices.Sort(found)
	want := []string{"COPYING", "LICENCE.md", "LICENSE", "LICENSE-MIT", "MIT-LICENSE.txt", "UNLICENSE", "internal/copied/LICENSE"}
	if !slices.Equal(found, want) {
		t.Errorf("got %q, want %q", found, want)
	}
}

// The repository's license is recognized like those of dependencies.
func TestIdentify(t *testing.T) {
	other := filepath.Join(t.TempDir(), "LICENSE")
	if err := os.WriteFile(other, []byte("You may use this on Tuesdays."), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files map[string]bool
		want  string
	}{
		{map[string]bool{"../../LICENSE": true}, "Apache-2.0"},
		{map[string]bool{"../../LICENSE": true, other: true}, "Apache-2.0 AND NOASSERTION"},
		{nil, ""},
	} {
		if got, err := identify(c.files); err != nil || got != c.want {
			t.Errorf("%v: got %q, %v; want %q", c.files, got, err, c.want)
		}
	}
}
