// Package logs shows the parts' logs, with each part's name on its lines.
package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// UnknownError means that there is no log of that name.
type UnknownError struct{ Name string }

func (e UnknownError) Error() string { return fmt.Sprintf("no log is named %q", e.Name) }

// View says which lines to show, and how.
type View struct {
	// Lines is how many lines of each log to show first. With Trace, all are shown.
	Lines int
	// Follow shows new lines until the context ends.
	Follow bool
	// Level is the lowest level to show; nil for all lines.
	Level slog.Leveler
	// Trace is the trace id, or the beginning of it, of the lines to show; empty for all.
	Trace string
	// JSON shows JSON lines unchanged, and no others.
	JSON bool
}

// filters reports whether lines are chosen by what they say. Only JSON lines say it.
func (v View) filters() bool { return v.Level != nil || v.Trace != "" }

// Show writes the last lines of each log and, when following, new lines until ctx ends. Lines that are chosen by level
// or trace are first shown in the order of their times.
func Show(ctx context.Context, out io.Writer, paths []string, view View) error {
	width := 0
	for _, path := range paths {
		width = max(width, len(name(path)))
	}
	var tails []*tail
	var first []shown
	for _, path := range paths {
		t := &tail{path: path, prefix: fmt.Sprintf("%-*s | ", width, name(path)), view: view}
		if len(paths) == 1 {
			t.prefix = ""
		}
		lines, err := t.last()
		if err != nil {
			if errors.Is(err, os.ErrNotExist) {
				return UnknownError{name(path)}
			}
			return err
		}
		first = append(first, lines...)
		tails = append(tails, t)
	}
	if view.filters() {
		slices.SortStableFunc(first, func(a, b shown) int { return a.at.Compare(b.at) })
	}
	for _, line := range first {
		fmt.Fprintln(out, line.text)
	}
	for view.Follow {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		for _, t := range tails {
			t.more(func(line shown) { fmt.Fprintln(out, line.text) })
		}
	}
	return nil
}

func name(path string) string { return strings.TrimSuffix(filepath.Base(path), ".log") }
