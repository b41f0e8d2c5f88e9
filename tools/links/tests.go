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

const (
	quotedTest   = "`(?:Test\\w+\\*?|[\\w-]+\\.(?:spec|test)\\.tsx?)`"
	quotedFolder = "`[a-z][\\w/-]*`"
)

var (
	// citation is one test, or a list that ends with "and", and the folders that follow it.
	citation   = regexp.MustCompile("((?:(?:" + quotedTest + ", )*" + quotedTest + " and )?" + quotedTest + ")((?: in " + quotedFolder + "(?:(?:, | and )" + quotedFolder + ")*)?)")
	quoted     = regexp.MustCompile("`([^`]+)`")
	testName   = regexp.MustCompile(`^(Test\w+)(\*?)$`)
	specName   = regexp.MustCompile(`^[\w-]+\.(spec|test)\.tsx?$`)
	attackName = regexp.MustCompile(`“([^”]+)”`)
)

// The tests of docs/security.md are in this folder unless others follow their names, and the attacks in that file.
const (
	testFolder = "functions/auth"
	attackFile = "e2e/security/attacks.go"
)

// CheckTests returns the tests and attacks that docs/security.md names as proofs and that do not exist, as "LINE: NAME". A test that
// is not in functions/auth has its folder behind its name, and is in each one if there are several: `TestA` and `TestB` in `e2e`.
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
		for _, cited := range citation.FindAllStringSubmatch(line, -1) {
			folders := words(quoted, cited[2])
			if folders == nil {
				folders = []string{testFolder}
			}
			for _, name := range words(quoted, cited[1]) {
				for _, folder := range folders {
					if !hasTest(filepath.Join(root, folder), name) {
						missing = append(missing, fmt.Sprintf("%d: %s is not in %s", number, name, folder))
					}
				}
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

var (
	namedTest = regexp.MustCompile("`(Test\\w+)(\\*?)`")
	aTest     = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// CheckNames returns the tests in Go that the Markdown documents below root name and that exist nowhere below it, as
// "DOCUMENT: LINE: NAME".
func CheckNames(root string) (missing []string, err error) {
	documents, err := find(root, ".md")
	if err != nil {
		return nil, err
	}
	files, err := find(root, "_test.go")
	if err != nil {
		return nil, err
	}
	var tests []string
	for _, path := range files {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tests = append(tests, words(aTest, string(content))...)
	}
	for _, path := range documents {
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		for number, line := range strings.Split(string(content), "\n") {
			for _, named := range namedTest.FindAllStringSubmatch(line, -1) {
				if !slices.ContainsFunc(tests, func(test string) bool {
					return test == named[1] || named[2] != "" && strings.HasPrefix(test, named[1])
				}) {
					document, _ := filepath.Rel(root, path)
					missing = append(missing, fmt.Sprintf("%s: %d: %s", document, number+1, named[1]+named[2]))
				}
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
