package httpapi

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"

	"taskwire.dev/shared/fault"
)

// decompress makes the body of r the one that its Content-Encoding stands for. Only gzip is supported. The limits of ReadBody
// then apply to what comes out, so that a small body cannot become a huge one.
func decompress(w http.ResponseWriter, r *http.Request) error {
	codings := strings.ToLower(strings.TrimSpace(strings.Join(r.Header.Values("Content-Encoding"), ",")))
	switch {
	case codings == "", codings == "identity", r.Body == http.NoBody:
		return nil
	case codings == codingGzip, codings == "x-gzip": // RFC 9110, 8.4.1.3
	default:
		w.Header().Set("Accept-Encoding", codingGzip) // RFC 9110, 15.5.16
		return fault.New(fault.UnsupportedMedia, "Content-Encoding must be gzip, or absent")
	}
	r.Header.Del("Content-Encoding")
	r.ContentLength = -1
	r.Body = &gzipped{source: r.Body, limited: http.MaxBytesReader(w, r.Body, MaxBody)}
	return nil
}

// gzipped is a body in gzip.
type gzipped struct {
	source  io.Closer
	limited io.Reader // empty blocks, which never end, have no output to limit
	reader  *gzip.Reader
}

// Read implements io.Reader.
func (g *gzipped) Read(p []byte) (int, error) {
	var n int
	var err error
	if g.reader == nil {
		g.reader, err = gzip.NewReader(g.limited)
	}
	if err == nil {
		n, err = g.reader.Read(p)
	} else {
		g.reader = nil
	}
	var over *http.MaxBytesError
	switch {
	case err == nil, g.reader != nil && errors.Is(err, io.EOF), errors.As(err, &over):
		return n, err
	default:
		return n, fault.Wrap(fault.Malformed, err, "the body is not complete and valid gzip")
	}
}

// Close implements io.Closer.
func (g *gzipped) Close() error { return g.source.Close() }
