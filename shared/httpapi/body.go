package httpapi

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
)

// Limits of a body in bytes. The gateway enforces them, so that no function has to respond before a body has arrived completely:
// behind proxies such a response can be lost with the connection. The functions enforce them too.
const (
	// MaxBody is the limit for tasks and everything not listed here; a batch of 100 long tasks fits.
	MaxBody = 4 << 20
	// MaxAccountBody is the limit for accounts, sessions and tokens.
	MaxAccountBody = 64 << 10
	// MaxCallBody is the limit for an assistant's call: more than the longest description in the longest UTF-8.
	MaxCallBody = 256 << 10
	// MaxNotificationBody is the limit for notifications: the gateway reads the whole body before it invokes the function, so
	// that a client that stops sending does not look like a failure of the function.
	MaxNotificationBody = 64 << 10
)

// Large bodies reserve memory for the body and for everything built from it (values, events, the response).
const (
	smallBody  = 16 << 10 // reserves nothing
	bodyFactor = 6
)

// ReadBody returns the body of r, at most limit bytes. A large one waits for memory.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	size := r.ContentLength
	if size > limit {
		return nil, tooLarge(limit)
	}
	reader := http.MaxBytesReader(w, r.Body, limit)
	var body []byte
	var err error
	if size < 0 {
		if body, err = io.ReadAll(io.LimitReader(reader, smallBody+1)); err == nil && len(body) > smallBody {
			body, err = readRest(r, reader, body, limit)
		}
	} else {
		if err := reserve(r, size); err != nil {
			return nil, err
		}
		body = make([]byte, size)
		_, err = io.ReadFull(reader, body)
	}
	if err != nil {
		return nil, BodyFault(err, "the body did not arrive whole")
	}
	return body, nil
}

// readRest reads the rest of a body of unknown length, which may be as long as the limit.
func readRest(r *http.Request, from io.Reader, begin []byte, limit int64) ([]byte, error) {
	if err := reserve(r, limit); err != nil {
		return nil, err
	}
	rest, err := io.ReadAll(from)
	return append(begin, rest...), err
}

func reserve(r *http.Request, size int64) error {
	if size <= smallBody {
		return nil
	}
	return memory.Reserve(r.Context(), size*bodyFactor)
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "the body has more than %d bytes", limit)
}

// BodyFault is the fault for an error of reading a body through http.MaxBytesReader.
func BodyFault(err error, detail string) error {
	var over *http.MaxBytesError
	var known *fault.Error
	switch {
	case errors.As(err, &over):
		return tooLarge(over.Limit)
	case errors.As(err, &known):
		return known
	}
	return fault.Wrap(fault.Malformed, err, detail)
}

// CheckMediaType reports a fault unless the Content-Type of r is one of those named, in UTF-8.
func CheckMediaType(r *http.Request, mediaTypes ...string) error {
	if IsMediaType(r.Header.Get("Content-Type"), mediaTypes...) {
		return nil
	}
	return fault.New(fault.UnsupportedMedia, "Content-Type must be %s in UTF-8", strings.Join(mediaTypes, " or "))
}

// IsMediaType reports whether contentType is one of those named, in UTF-8.
func IsMediaType(contentType string, mediaTypes ...string) bool {
	given, params, err := mime.ParseMediaType(contentType)
	charset := params["charset"]
	return err == nil && slices.Contains(mediaTypes, given) && (charset == "" || strings.EqualFold(charset, "utf-8"))
}
