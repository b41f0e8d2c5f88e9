package logs

import (
	"bufio"
	"bytes"
	"io"
	"os"
)

// endOfLog is how much of the end of a log is searched for its last lines. Chosen lines may be anywhere.
const endOfLog = 256 << 10

// tail is one log and how much of it has been read.
type tail struct {
	path   string
	prefix string
	view   View
	offset int64
	rest   []byte // an incomplete line
}

// last returns the last lines to show.
func (t *tail) last() ([]shown, error) {
	file, err := os.Open(t.path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !t.view.filters() {
		t.offset = max(0, info.Size()-endOfLog)
	}
	var lines []shown
	t.read(file, info.Size(), func(line shown) {
		lines = append(lines, line)
		if t.view.Trace == "" && len(lines) > t.view.Lines {
			lines = lines[1:]
		}
	})
	if line, ok := t.view.show(t.prefix, t.rest); ok && len(t.rest) > 0 && !t.view.Follow {
		lines = append(lines, line)
	}
	return lines, nil
}

// more shows what has been added. A log that has shrunk was started anew.
func (t *tail) more(each func(shown)) {
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
	t.read(file, info.Size(), each)
}

// read passes on the lines to show up to size, and keeps an incomplete one for later.
func (t *tail) read(file *os.File, size int64, each func(shown)) {
	reader := bufio.NewReader(io.NewSectionReader(file, t.offset, size-t.offset))
	for {
		piece, err := reader.ReadBytes('\n')
		t.offset += int64(len(piece))
		t.rest = append(t.rest, piece...)
		if err != nil {
			return
		}
		if line, ok := t.view.show(t.prefix, bytes.TrimSuffix(t.rest, []byte("\n"))); ok {
			each(line)
		}
		t.rest = t.rest[:0]
	}
}
