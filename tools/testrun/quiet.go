package testrun

import (
	"fmt"
	"io"
	"strings"
)

// Quiet leaves out the lines in which `go test -v` announces a test, or reports that a subtest passed.
type Quiet struct {
	out  io.Writer
	rest []byte
}

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

func (q *Quiet) print(line string) {
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
