package testrun

import (
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Quiet leaves out the lines in which `go test -v` announces a test, or reports that a subtest passed, and remembers those
// that name a failed test or say why it failed.
type Quiet struct {
	out    io.Writer
	rest   []byte
	logged []string // the newest lines that tests of Go logged since the last result
	failed []string
}

// failure matches the lines in which go test, Playwright and Vitest name a failed test or package, and those in which the
// latter two say what failed, and where.
var failure = regexp.MustCompile(`^\s*(--- FAIL: |✘ |FAIL\t|FAIL  |panic: |\w*Error: |> +\d+ \|)`)

// logged matches what a test of Go logs. Which of it is the reason is not known before the result, which comes after it.
var logged = regexp.MustCompile(`^\s*\w+_test\.go:\d+: `)

// loggedMost is how many of the lines before a failure are remembered.
const loggedMost = 3

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

// Failed returns the lines so far that name a failed test or say why it failed.
func (q *Quiet) Failed() []string { return q.failed }

func (q *Quiet) print(line string) {
	switch plain := color.ReplaceAllString(line, ""); {
	case logged.MatchString(plain):
		q.logged = append(q.logged, strings.TrimSpace(plain))
		q.logged = q.logged[max(0, len(q.logged)-loggedMost):]
	case failure.MatchString(plain):
		q.failed = append(append(q.failed, q.logged...), strings.TrimSpace(plain))
		q.logged = nil
	case strings.HasPrefix(strings.TrimSpace(plain), "--- "):
		q.logged = nil
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
