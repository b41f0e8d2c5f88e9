package export

import (
	"context"
	"errors"
	"io"
)

// Content is an archive as http.ServeContent reads it. A seek costs nothing; reading after one writes the archive from the last known
// place on, and drops what comes before.
type Content struct {
	ctx     context.Context //nolint:containedctx // of the request that it is read for; io.Reader has none
	archive *Archive
	layout  *Layout
	size    int64
	offset  int64
	pipe    *io.PipeReader // nil before the first read after a seek
	err     error
}

// NewContent returns the content of an archive that was measured. The caller closes it.
func NewContent(ctx context.Context, a *Archive, l *Layout) *Content {
	return &Content{ctx: ctx, archive: a, layout: l, size: l.Size()}
}

// Seek implements io.Seeker.
func (c *Content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.offset
	case io.SeekEnd:
		offset += c.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	if offset != c.offset {
		c.Close()
	}
	c.offset = offset
	return offset, nil
}

// Read implements io.Reader.
func (c *Content) Read(p []byte) (int, error) {
	if c.offset >= c.size {
		return 0, io.EOF
	}
	if c.pipe == nil {
		from, to := io.Pipe()
		c.pipe = from
		section := Section(to, c.offset, c.size-c.offset)
		at := c.layout.before(c.offset, c.archive.user)
		go func() {
			_, err := c.archive.writeFrom(c.ctx, at, section, nil)
			if errors.Is(err, ErrDone) {
				err = nil
			}
			to.CloseWithError(err)
		}()
	}
	n, err := c.pipe.Read(p)
	c.offset += int64(n)
	if errors.Is(err, io.EOF) && c.offset < c.size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// Err is why it could not be read to the end, if so.
func (c *Content) Err() error { return c.err }

// Close ends the writing of the archive.
func (c *Content) Close() {
	if c.pipe != nil {
		_ = c.pipe.Close() // never fails
		c.pipe = nil
	}
}
