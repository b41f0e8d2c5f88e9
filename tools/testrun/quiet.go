package testrun

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Quiet leaves out the lines in which `go test -v` announces a test, or reports that a subtest passed, and remembers those
// that name a failed test.
type Quiet struct {
	out    io.Writer
	rest   []byte
	failed []string
}

// failure matches the lines in which go test, Playwright and Vitest name a failed test or package.
var failure = regexp.MustCompile(`^\s*(--- FAIL: |✘ |FAIL\t|FAIL  |panic: test timed out)`)

// color matches what a program writes to color its output.
var color = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// NewQuiet writes the other lines to out, complete lines in one call each.
func NewQuiet(out io.Writer) *Quiet { return &Quiet{out: out} }

func (q *Quiet) Write(p []byte) (int, error) {
	q.rest = append(q.rest, p...)
	for {
		line, after, found := strings.Cut(string(q.rest), "\n")
		if !found {
			return len(p), nil
		}
		q.rest = []byte(after)
		q.print(line)
	}
}

// Flush writes an unfinished last line.
func (q *Quiet) Flush() {
	if len(q.rest) > 0 {
		q.print(string(q.rest))
	}
}

// Failed returns the lines so far that name a failed test.
func (q *Quiet) Failed() []string { return q.failed }

func (q *Quiet) print(line string) {
	if plain := color.ReplaceAllString(line, ""); failure.MatchString(plain) {
		q.failed = append(q.failed, strings.TrimSpace(plain))
	}
	for _, prefix := range []string{"=== RUN", "=== PAUSE", "=== CONT", "=== NAME"} {
		if strings.HasPrefix(line, prefix) {
			return
		}
	}
	if strings.HasSuffix(line, "[no test files]") || strings.HasPrefix(strings.TrimLeft(line, " "), "--- PASS") && line[0] == ' ' {
		return
	}
	fmt.Fprintln(q.out, line)
}
