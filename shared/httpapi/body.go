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

// The most bytes that a request may have. The gateway refuses more, so that nobody has to answer in the middle of a body
// through the proxies between: an answer can be lost there with the connection. The functions refuse it too.
const (
	// MaxBody of tasks, and of all that no other names; a batch of 100 long tasks fits.
	MaxBody = 4 << 20
	// MaxAccountBody of accounts, sessions and tokens.
	MaxAccountBody = 64 << 10
	// MaxCallBody of an assistant's call: the longest description there can be, in the longest UTF-8, and more.
	MaxCallBody = 256 << 10
	// MaxNotificationBody of a request about notifications: the gateway reads all of it before it invokes the function,
	// so that a client that stops sending does not look like a function that fails.
	MaxNotificationBody = 64 << 10
)

// Large bodies reserve memory: for what is read, and for all that is made of it (values, events, the answer).
const (
	smallBody  = 16 << 10 // waits for nothing
	bodyFactor = 6
)

// ReadBody returns the body of r, at most limit bytes. A large one waits until there is memory for it.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	size := r.ContentLength
	if size > limit {
		return nil, tooLarge(limit)
	}
	if size < 0 {
		size = limit // not known beforehand
	}
	if size > smallBody {
		if err := memory.Reserve(r.Context(), size*bodyFactor); err != nil {
			return nil, err
		}
	}
	reader := http.MaxBytesReader(w, r.Body, limit)
	var body []byte
	var err error
	if r.ContentLength >= 0 {
		body = make([]byte, size)
		_, err = io.ReadFull(reader, body)
	} else {
		body, err = io.ReadAll(reader)
	}
	if err != nil {
		return nil, BodyFault(err, "the body did not arrive whole")
	}
	return body, nil
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "the body has more than %d bytes", limit)
}

// BodyFault is the fault for an error while a body was read through http.MaxBytesReader.
func BodyFault(err error, detail string) error {
	var over *http.MaxBytesError
	if errors.As(err, &over) {
		return tooLarge(over.Limit)
	}
	return fault.Wrap(fault.Malformed, err, detail)
}

// ReadJSON returns the JSON body of r once its media type is one of those named.
func ReadJSON(w http.ResponseWriter, r *http.Request, mediaTypes ...string) ([]byte, error) {
	if err := CheckMediaType(r, mediaTypes...); err != nil {
		return nil, err
	}
	return ReadBody(w, r, MaxBody)
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
