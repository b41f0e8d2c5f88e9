package export

import (
	"archive/zip"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"math"
)

// page writes the next page of a file, and moves the place behind it. It reports whether there is another one.
type page func(ctx context.Context, to io.Writer, at *place) (more bool, err error)

// source is a file to be written.
type source struct {
	name string
	page page
}

// writeFrom writes the archive from a place on, and calls passed at each of the following ones. What is before the place is written
// as zeros, which a section drops. It returns the size.
func (a *Archive) writeFrom(ctx context.Context, at place, to io.Writer, passed func(place)) (int64, error) {
	out := &counting{to: to}
	w := &writer{archive: a, out: out, zip: zip.NewWriter(out), at: at}
	var err error
	if w.flate, err = flate.NewWriter(nil, flate.DefaultCompression); err != nil {
		return 0, err
	}
	for _, f := range at.done {
		if err := w.skip(f); err != nil {
			return 0, err
		}
	}
	for _, s := range a.sources()[len(at.done):] {
		if err := w.file(ctx, s, passed); err != nil {
			return 0, err
		}
	}
	err = w.zip.Close()
	return out.bytes, err
}

// writer writes an archive.
type writer struct {
	archive *Archive
	out     *counting
	zip     *zip.Writer
	flate   *flate.Writer
	at      place
}

// create begins a file, whose blocks are compressed here: package zip would compress a file as a whole.
func (w *writer) create(name string) (*zip.FileHeader, io.Writer, error) {
	h := &zip.FileHeader{Name: name, Modified: w.archive.asOf}
	// This fills in the versions, flags and times.
	if _, err := zip.NewWriter(io.Discard).CreateHeader(h); err != nil {
		return nil, nil, err
	}
	h.Method = zip.Deflate
	raw, err := w.zip.CreateRaw(h)
	return h, raw, err
}

// skip writes zeros for a file that is done.
func (w *writer) skip(f written) error {
	h, raw, err := w.create(f.Name)
	if err != nil {
		return err
	}
	describe(h, f)
	return zeros(raw, f.compressed)
}

// file writes a file, or the rest of it.
func (w *writer) file(ctx context.Context, s source, passed func(place)) error {
	h, raw, err := w.create(s.name)
	if err != nil {
		return err
	}
	if err := w.open(raw); err != nil {
		return err
	}
	blocks := &counting{to: raw, bytes: w.at.blocks}
	for more := true; more; {
		w.flate.Reset(blocks)
		if more, err = s.page(ctx, io.MultiWriter(w.flate, w.at.sum), &w.at); err != nil {
			return err
		}
		if !more {
			err = w.flate.Close()
		} else if err = w.flate.Flush(); err == nil {
			err = w.zip.Flush()
		}
		if err != nil {
			return err
		}
		w.at.offset, w.at.blocks = w.out.bytes, blocks.bytes
		if more && passed != nil {
			passed(w.at)
		}
	}
	f := written{w.at.sum.file(s.name), w.at.sum.crc32, blocks.bytes}
	describe(h, f)
	w.at = place{done: append(w.at.done, f), chain: w.at.chain}
	return nil
}

// open begins a file, or goes on with one.
func (w *writer) open(raw io.Writer) error {
	if !w.at.open {
		w.at.open, w.at.sum = true, newDigest()
		return nil
	}
	if err := zeros(raw, w.at.blocks); err != nil {
		return err
	}
	if err := w.zip.Flush(); err != nil {
		return err
	}
	if w.out.bytes != w.at.offset {
		return fmt.Errorf("a place of the archive is at %d and not at %d", w.out.bytes, w.at.offset)
	}
	return nil
}

// describe completes the header of a file, as package zip does with one that it has compressed.
func describe(h *zip.FileHeader, f written) {
	h.CRC32, h.CompressedSize64, h.UncompressedSize64 = f.crc32, uint64(f.compressed), uint64(f.Bytes)
	const zip64 = 45
	if f.compressed >= math.MaxUint32 || f.Bytes >= math.MaxUint32 {
		h.ReaderVersion = zip64
	}
	//nolint:staticcheck // package zip writes these into the file's descriptor, and has no other way to set them late
	h.CompressedSize, h.UncompressedSize = uint32(min(f.compressed, math.MaxUint32)), uint32(min(f.Bytes, math.MaxUint32))
}

func zeros(to io.Writer, n int64) error {
	var some [32 << 10]byte
	for n > 0 {
		written, err := to.Write(some[:min(n, int64(len(some)))])
		if err != nil {
			return err
		}
		n -= int64(written)
	}
	return nil
}

// counting counts what it passes on.
type counting struct {
	to    io.Writer
	bytes int64
}

func (c *counting) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.bytes += int64(n)
	return n, err
}
