// Package logs shows the parts' logs, with each part's name on its lines.
package logs

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// UnknownError means that there is no log of that name.
type UnknownError struct{ Name string }

func (e UnknownError) Error() string { return fmt.Sprintf("no log is named %q", e.Name) }

// endOfLog is how much of the end of a log is searched for its last lines.
const endOfLog = 256 << 10

// Show writes the last lines of each log and, when following, new lines until ctx ends.
func Show(ctx context.Context, out io.Writer, paths []string, lines int, follow bool) error {
	width := 0
	for _, path := range paths {
		width = max(width, len(name(path)))
	}
	var tails []*tail
	for _, path := range paths {
		t := &tail{path: path, prefix: fmt.Sprintf("%-*s | ", width, name(path)), out: out}
		if len(paths) == 1 {
			t.prefix = ""
		}
		if err := t.last(lines); err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return UnknownError{name(path)}
			}
			return err
		}
		tails = append(tails, t)
	}
	for follow {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		for _, t := range tails {
			t.more()
		}
	}
	return nil
}

func name(path string) string { return strings.TrimSuffix(filepath.Base(path), ".log") }

// tail is one log and how much of it has been shown.
type tail struct {
	path   string
	prefix string
	out    io.Writer
	offset int64
	rest   []byte // an incomplete line
}

// last shows the last lines.
func (t *tail) last(lines int) error {
	file, err := os.Open(t.path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	from := max(0, info.Size()-endOfLog)
	content, err := io.ReadAll(io.NewSectionReader(file, from, info.Size()-from))
	if err != nil {
		return err
	}
	t.offset = from + int64(len(content))
	all := bytes.SplitAfter(content, []byte("\n"))
	if len(all) > 0 && len(all[len(all)-1]) == 0 {
		all = all[:len(all)-1]
	}
	for _, line := range all[max(0, len(all)-lines):] {
		t.print(bytes.TrimSuffix(line, []byte("\n")))
	}
	return nil
}

// more shows what has been added. A log that has shrunk was started anew.
func (t *tail) more() {
	file, err := os.Open(t.path)
	if err != nil {
		return // being replaced: it will be back
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return
	}
	if info.Size() < t.offset {
		t.offset, t.rest = 0, nil
	}
	reader := bufio.NewReader(io.NewSectionReader(file, t.offset, info.Size()-t.offset))
	for {
		line, err := reader.ReadBytes('\n')
		t.offset += int64(len(line))
		if err != nil {
			t.rest = append(t.rest, line...)
			return
		}
		t.print(append(t.rest, bytes.TrimSuffix(line, []byte("\n"))...))
		t.rest = nil
	}
}

func (t *tail) print(line []byte) { fmt.Fprintf(t.out, "%s%s\n", t.prefix, line) }
