package registry

import (
	"errors"
	"slices"
	"strings"
)

// workspace generates the functions/ lines of go.work and keeps the others.
func workspace(r Registry, old []byte) ([]byte, error) {
	const function = "\t./functions/"
	before, rest, found := strings.Cut(string(old), "use (\n")
	list, after, closed := strings.Cut(rest, "\n)\n")
	if !found || !closed {
		return nil, errors.New("has no block \"use (\"")
	}
	lines := slices.DeleteFunc(strings.Split(list, "\n"), func(line string) bool { return strings.HasPrefix(line, function) })
	for _, f := range r.Functions {
		lines = append(lines, function+f.Name)
	}
	slices.Sort(lines)
	return []byte(before + "use (\n" + strings.Join(lines, "\n") + "\n)\n" + after), nil
}
