// Package document writes the measurements of a command of this module into a document, and leaves the rest of it
// unchanged.
package document

import (
	"fmt"
	"os"
	"strings"
)

const end = "<!-- end of results -->"

// Write replaces the text between the marks for a command's results, such as those of "make bench".
func Write(path, command, results string) error {
	begin := "<!-- results: written by " + command + " -->"
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(content), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		return fmt.Errorf("%s lacks the marks %q and %q", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+results+end+after), 0o644)
}
