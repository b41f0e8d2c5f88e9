package httpapi

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Content codings of answers and requests (RFC 9110, 8.4.1; RFC 8878).
const (
	codingGzip = "gzip"
	codingZstd = "zstd"
)

// minCompressed is the length in bytes from which an answer is compressed: below, it fits into one packet anyway.
const minCompressed = 1 << 10

// Compressed compresses the JSON that h answers with, if it is long and the client accepts a coding. A coded answer has another
// entity tag (RFC 9110, 8.8.3.3), which clients may send back in conditions.
//
// An answer that has a secret as well as text of the client must not be compressed: its length would tell how much of the secret
// the client has guessed (BREACH). So this is not for the auth function.
func Compressed(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Add("Vary", "Accept-Encoding")
		c := &compressor{ResponseWriter: w, coding: coding(r), original: r.Header.Values("If-None-Match")}
		withoutCodings(r.Header)
		defer c.finish()
		return h(c, r)
	}
}

// compressor delays the header of an answer until it has the body.
type compressor struct {
	http.ResponseWriter
	coding   string   // "" is none
	original []string // If-None-Match as sent
	status   int      // 0: none yet
	begun    bool     // the header is sent
	encodes  bool
}

// Unwrap is for http.ResponseController.
func (c *compressor) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (c *compressor) WriteHeader(status int) {
	if status < http.StatusOK {
		c.ResponseWriter.WriteHeader(status)
	} else if c.status == 0 {
		c.status = status
	}
}

// Write implements io.Writer. Handlers write their whole answer at once; if not, each part is a member of its own (RFC 1952, 2.2).
func (c *compressor) Write(p []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if !c.begun {
		c.encodes = c.coding != "" && len(p) > minCompressed && compressible(c.Header())
		c.begin()
	}
	if !c.encodes {
		return c.ResponseWriter.Write(p)
	}
	if _, err := c.ResponseWriter.Write(encode(c.coding, p)); err != nil {
		return 0, err
	}
	return len(p), nil
}

// FlushError is for http.ResponseController.
func (c *compressor) FlushError() error {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	c.begin()
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// finish sends the header of an answer without a body.
func (c *compressor) finish() {
	if c.status != 0 {
		c.begin()
	}
}

func (c *compressor) begin() {
	if c.begun {
		return
	}
	c.begun = true
	h := c.Header()
	tag := h.Get("ETag")
	switch {
	case c.encodes:
		h.Set("Content-Encoding", c.coding)
		h.Del("Content-Length")
		if coded := withCoding(tag, c.coding); coded != "" {
			h.Set("ETag", coded)
		}
	case c.status == http.StatusNotModified:
		// It names the form that the client has.
		for _, coding := range []string{codingGzip, codingZstd} {
			if coded := withCoding(tag, coding); coded != "" && strings.Contains(strings.Join(c.original, ","), coded) {
				h.Set("ETag", coded)
			}
		}
	}
	c.ResponseWriter.WriteHeader(c.status)
}

// compressible reports whether an answer is JSON that is not encoded yet.
func compressible(h http.Header) bool {
	media, _, _ := strings.Cut(h.Get("Content-Type"), ";")
	return (media == "application/json" || strings.HasSuffix(media, "+json")) && h.Get("Content-Encoding") == ""
}

// coding chooses the content coding of the answer to r, "" for none.
func coding(r *http.Request) string {
	if r.Method == http.MethodHead {
		return ""
	}
	accepted := AcceptedCodings(r.Header)
	switch gzipped, named := accepted[codingGzip]; {
	case accepted[codingZstd]:
		return codingZstd
	case gzipped, !named && accepted["*"]:
		return codingGzip
	default:
		return ""
	}
}

// AcceptedCodings returns the content codings in Accept-Encoding, true for those that the client accepts. Its preferences among
// those are ignored: the smallest form is best for every client.
func AcceptedCodings(h http.Header) map[string]bool {
	accepted := map[string]bool{}
	for element := range strings.SplitSeq(strings.Join(h.Values("Accept-Encoding"), ","), ",") {
		coding, parameters, _ := strings.Cut(element, ";")
		weight := 1.0
		if name, value, found := strings.Cut(strings.TrimSpace(parameters), "="); found && strings.EqualFold(name, "q") {
			if q, err := strconv.ParseFloat(value, 64); err == nil {
				weight = q
			}
		}
		accepted[strings.ToLower(strings.TrimSpace(coding))] = weight > 0
	}
	return accepted
}

// withCoding returns the entity tag of a coded form, or "" for a tag that has no other form.
func withCoding(tag, coding string) string {
	bare, quoted := strings.CutSuffix(tag, `"`)
	if !quoted || !strings.HasPrefix(tag, `"`) {
		return ""
	}
	return bare + "-" + coding + `"`
}

// withoutCodings makes the conditions of a request name the uncoded form, whose tag the handler knows.
func withoutCodings(h http.Header) {
	for _, name := range []string{"If-Match", "If-None-Match"} {
		if lines := h[name]; len(lines) > 0 {
			lines = slices.Clone(lines)
			for i := range lines {
				lines[i] = strings.NewReplacer("-"+codingGzip+`"`, `"`, "-"+codingZstd+`"`, `"`).Replace(lines[i])
			}
			h[name] = lines
		}
	}
}

// maxEncoders bounds how many answers are encoded at a time, as each encoder takes some hundred kilobytes. None is held while a
// client reads.
const maxEncoders = 2

var (
	// gzips has the encoders that are free; nil is one that was not needed yet.
	gzips = func() chan *gzip.Writer {
		free := make(chan *gzip.Writer, maxEncoders)
		for range maxEncoders {
			free <- nil
		}
		return free
	}()
	zstds = sync.OnceValue(func() *zstd.Encoder {
		e, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(maxEncoders), zstd.WithEncoderLevel(zstd.SpeedFastest),
			zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
		if err != nil {
			panic(err) // only for options out of range
		}
		return e
	})
)

func encode(coding string, p []byte) []byte {
	if coding == codingZstd {
		return zstds().EncodeAll(p, make([]byte, 0, len(p)/4))
	}
	w := <-gzips
	defer func() { gzips <- w }()
	out := bytes.NewBuffer(make([]byte, 0, len(p)/4))
	if w == nil {
		w, _ = gzip.NewWriterLevel(nil, gzip.BestSpeed) // a valid level
	}
	w.Reset(out)
	_, err := w.Write(p)
	if err = errors.Join(err, w.Close()); err != nil {
		panic(err) // a buffer takes all
	}
	return out.Bytes()
}
