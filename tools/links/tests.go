package links

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

var (
	quoted     = regexp.MustCompile("`([^`]+)`")
	testName   = regexp.MustCompile(`^(Test\w+)(\*?)$`)
	specName   = regexp.MustCompile(`^[\w-]+\.(spec|test)\.tsx?$`)
	attackName = regexp.MustCompile(`“([^”]+)”`)
)

// The tests of docs/security.md are in this folder unless its line names another, and the attacks in that file.
const (
	testFolder = "functions/auth"
	attackFile = "e2e/security/attacks.go"
)

// CheckTests returns the tests and attacks that docs/security.md names as proofs and that do not exist, as "LINE: NAME". A line with
// a test outside of functions/auth names its folder.
func CheckTests(root string) (missing []string, err error) {
	content, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		return nil, err
	}
	attacks, err := os.ReadFile(filepath.Join(root, attackFile))
	if err != nil {
		return nil, err
	}
	number := 0
	for line := range strings.Lines(string(content)) {
		number++
		var folders []string
		for _, name := range words(quoted, line) {
			if info, err := os.Stat(filepath.Join(root, name)); err == nil && info.IsDir() {
				folders = append(folders, name)
			}
		}
		folders = append(folders, testFolder)
		for _, name := range words(quoted, line) {
			if !testName.MatchString(name) && !specName.MatchString(name) {
				continue
			}
			if !slices.ContainsFunc(folders, func(folder string) bool { return hasTest(filepath.Join(root, folder), name) }) {
				missing = append(missing, fmt.Sprintf("%d: %s is not in %s", number, name, strings.Join(folders, ", ")))
			}
		}
		for _, name := range words(attackName, line) {
			if strings.Contains(line, "attack") && !bytes.Contains(attacks, fmt.Appendf(nil, "{name: %q,", name)) {
				missing = append(missing, fmt.Sprintf("%d: “%s” is not in %s", number, name, attackFile))
			}
		}
	}
	return missing, nil
}

func words(pattern *regexp.Regexp, line string) (all []string) {
	for _, found := range pattern.FindAllStringSubmatch(line, -1) {
		all = append(all, found[1])
	}
	return all
}

// hasTest reports whether a folder has a test file of this name, or a test in Go; with * at least one that begins so.
func hasTest(folder, name string) bool {
	if specName.MatchString(name) {
		_, err := os.Stat(filepath.Join(folder, name))
		return err == nil
	}
	parts := testName.FindStringSubmatch(name)
	end := `\(`
	if parts[2] != "" {
		end = `\w+\(`
	}
	declared := regexp.MustCompile(`(?m)^func ` + parts[1] + end)
	files, _ := filepath.Glob(filepath.Join(folder, "*_test.go"))
	return slices.ContainsFunc(files, func(file string) bool {
		content, err := os.ReadFile(file)
		return err == nil && declared.Match(content)
	})
}
