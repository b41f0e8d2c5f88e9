package export

import (
	"archive/zip"
	"bufio"
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Report is what Verify has found.
type Report struct {
	Manifest Manifest
	// Key is the key of the signature, which the archive itself brings: whether it is the server's must be checked elsewhere. It
	// is nil if the archive is not signed.
	Key      ed25519.PublicKey
	KeyID    string
	Tasks    int
	Problems []string
}

// maxProblems is how many problems a report names.
const maxProblems = 50

func (r *Report) problem(format string, args ...any) {
	switch {
	case len(r.Problems) < maxProblems:
		r.Problems = append(r.Problems, fmt.Sprintf(format, args...))
	case len(r.Problems) == maxProblems:
		r.Problems = append(r.Problems, "and more")
	}
}

// ErrNotExport is the error for a file that is no export.
var ErrNotExport = errors.New("the file is not an export of Taskwire")

// maxSmall is the most bytes of a file that is read as a whole, and maxLine of a line: an archive may have been made to exhaust the
// memory of the one who verifies it.
const (
	maxSmall = 1 << 20
	maxLine  = 4 << 20
)

// Verify reads an archive completely: its signature, the checksums, the chain of the events, and whether they lead to its tasks. The
// error is for a file that cannot be read; what is wrong with one that can is in the report.
func Verify(archive *zip.Reader) (*Report, error) {
	r := &Report{}
	files := map[string]*zip.File{}
	for _, f := range archive.File {
		if files[f.Name] != nil {
			r.problem("the archive has two files with the name %s", f.Name)
			continue
		}
		files[f.Name] = f
	}
	manifest, err := small(files[fileManifest])
	if err != nil || json.Unmarshal(manifest, &r.Manifest) != nil || r.Manifest.Format != formatName {
		return nil, ErrNotExport
	}
	if r.Manifest.Version != format {
		return nil, fmt.Errorf("the export has version %d, and this program knows version %d: use a newer one", r.Manifest.Version, format)
	}
	r.checkSignature(manifest, files[fileSignature])
	known := []string{fileManifest, fileSignature}
	for _, listed := range r.Manifest.Files {
		known = append(known, listed.Name)
		r.checkFile(listed, files[listed.Name])
	}
	for _, f := range archive.File {
		if !slices.Contains(known, f.Name) {
			r.problem("%q is not a file of this export: it was added", f.Name)
		}
	}
	replayed, err := r.checkEvents(files[fileEvents])
	if err != nil {
		return nil, fmt.Errorf("%s: %w", fileEvents, err)
	}
	if err := r.checkTasks(files[fileTasks], replayed); err != nil {
		return nil, fmt.Errorf("%s: %w", fileTasks, err)
	}
	if err := r.checkComments(files[fileComments], replayed); err != nil {
		return nil, fmt.Errorf("%s: %w", fileComments, err)
	}
	return r, nil
}

func (r *Report) checkSignature(manifest []byte, file *zip.File) {
	if file == nil {
		return
	}
	var s Signature
	content, err := small(file)
	if err != nil || json.Unmarshal(content, &s) != nil {
		r.problem("%s cannot be read", fileSignature)
		return
	}
	key, valid := s.check(manifest)
	if !valid {
		r.problem("%s was changed: the signature does not fit", fileManifest)
		return
	}
	r.Key, r.KeyID = key, s.KeyID
}

func (r *Report) checkFile(listed File, file *zip.File) {
	if file == nil {
		r.problem("%s is missing", listed.Name)
		return
	}
	sum := newDigest()
	err := stream(file, func(from io.Reader) error {
		// One byte more than is listed shows that it is longer.
		_, err := io.Copy(sum, io.LimitReader(from, listed.Bytes+1))
		return err
	})
	if err != nil {
		r.problem("%s is damaged: %v", listed.Name, err)
		return
	}
	if got := sum.file(listed.Name); got != listed {
		r.problem("%s was changed: it is not what %s lists", listed.Name, fileManifest)
	}
}

// checkEvents checks the chain, and returns the tasks that the events lead to.
func (r *Report) checkEvents(file *zip.File) (*replay, error) {
	tasks := newReplay()
	hash := newChain(r.Manifest.User)
	if r.Manifest.Chain.First != hash.String() {
		r.problem("the chain of the events does not begin with this user")
	}
	next, whole := int64(1), true
	err := eachLine(file, func(line []byte) error {
		var l entry
		var e Event
		if json.Unmarshal(line, &l) != nil || json.Unmarshal(l.Event, &e) != nil {
			r.problem("event %d cannot be read", next)
			next, whole = next+1, false
			return nil
		}
		linked := hash.next(l.Event).String() == l.Hash
		switch {
		case e.Seq < next:
			r.problem("event %d is in the wrong place, or there twice: event %d was expected", e.Seq, next)
			whole = false
		case e.Seq > next:
			r.problem("%s missing", spanOf(next, e.Seq-1))
			whole = false
		case !linked:
			r.problem("event %d was changed: its hash does not fit", e.Seq)
			whole = false
		}
		// Go on from what the line says, so that one change is not reported for each line after it.
		if err := hash.parse(l.Hash); err != nil {
			r.problem("event %d has no hash", e.Seq)
			whole = false
		}
		next = max(next, e.Seq+1)
		if problem := tasks.apply(e); problem != "" {
			r.problem("event %d does not follow from the one before: %s", e.Seq, problem)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if last := r.Manifest.AsOf.Seq; next <= last {
		r.problem("%s missing", spanOf(next, last))
		whole = false
	}
	if whole && hash.String() != r.Manifest.Chain.Last {
		r.problem("the chain of the events was computed anew: it does not end as %s says", fileManifest)
	}
	return tasks, nil
}

func spanOf(from, to int64) string {
	if from == to {
		return fmt.Sprintf("event %d is", from)
	}
	return fmt.Sprintf("events %d to %d are", from, to)
}

// small reads a small file.
func small(file *zip.File) (content []byte, err error) {
	if file == nil {
		return nil, io.ErrUnexpectedEOF
	}
	err = stream(file, func(from io.Reader) error {
		if content, err = io.ReadAll(io.LimitReader(from, maxSmall+1)); err == nil && len(content) > maxSmall {
			err = fmt.Errorf("%s is too long", file.Name)
		}
		return err
	})
	return content, err
}

func stream(file *zip.File, read func(io.Reader) error) error {
	from, err := file.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	return read(from)
}

// eachLine calls each with every line of a file; a missing file has none.
func eachLine(file *zip.File, each func([]byte) error) error {
	if file == nil {
		return nil
	}
	return stream(file, func(from io.Reader) error {
		s := bufio.NewScanner(from)
		s.Buffer(make([]byte, 0, 64<<10), maxLine)
		for s.Scan() {
			if line := s.Bytes(); len(bytes.TrimSpace(line)) > 0 {
				if err := each(line); err != nil {
					return err
				}
			}
		}
		if errors.Is(s.Err(), zip.ErrChecksum) {
			return nil // checkFile has reported it
		}
		return s.Err()
	})
}
