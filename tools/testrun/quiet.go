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
	test   string              // the test of Go whose lines these are; "" if nothing announces tests
	logged map[string][]string // the newest lines of each test without a result
	failed []string
}

// failure matches the lines in which go test, Playwright and Vitest name a failed test or package, and those in which the
// latter two say what failed, and where.
var failure = regexp.MustCompile(`^\s*(--- FAIL: |✘ |FAIL\t|FAIL  |panic: |\w*Error: |> +\d+ \|)`)

// announced matches the line that names the test of Go whose lines follow, or that pauses, result the one that says how a test
// ended, and ended the last one of a package.
var (
	announced = regexp.MustCompile(`^=== (?:RUN|PAUSE|CONT|NAME) +(\S+)`)
	result    = regexp.MustCompile(`^\s*--- (?:PASS|FAIL|SKIP): (\S+)`)
	ended     = regexp.MustCompile(`^(?:ok  |FAIL)\t`)
)

// logged matches what a test of Go logs. Which of it is the reason is not known before the result, which comes after it, and
// for a subtest after what all its siblings logged.
var logged = regexp.MustCompile(`^\s{4,}\w+\.go:\d+: `)

// loggedMost is how many lines of a failed test are remembered.
const loggedMost = 3

// color matches what a program writes to color its output.
var color = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// NewQuiet writes the other lines to out, complete lines in one call each.
func NewQuiet(out io.Writer) *Quiet { return &Quiet{out: out, logged: map[string][]string{}} }

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
	if m := announced.FindStringSubmatch(line); m != nil {
		q.test = m[1]
		return
	}
	q.remember(color.ReplaceAllString(line, ""))
	if strings.HasSuffix(line, "[no test files]") || strings.HasPrefix(strings.TrimLeft(line, " "), "--- PASS") && line[0] == ' ' {
		return
	}
	fmt.Fprintln(q.out, line)
}

// remember keeps what a line says about a failure.
func (q *Quiet) remember(line string) {
	if logged.MatchString(line) {
		lines := append(q.logged[q.test], strings.TrimSpace(line))
		q.logged[q.test] = lines[max(0, len(lines)-loggedMost):]
		return
	}
	test := q.test
	if m := result.FindStringSubmatch(line); m != nil && test != "" {
		test = m[1]
	}
	if failure.MatchString(line) {
		q.failed = append(append(q.failed, q.logged[test]...), strings.TrimSpace(line))
		delete(q.logged, test)
	}
	if ended.MatchString(line) {
		q.test = ""
		clear(q.logged)
	}
}
