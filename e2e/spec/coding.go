package spec

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"

	"github.com/klauspost/compress/zstd"
)

// Decode returns a body without the content coding that its header names: the documents describe what it contains.
func Decode(h http.Header, body []byte) ([]byte, error) {
	var decoded io.Reader = bytes.NewReader(body)
	var err error
	switch coding := h.Get("Content-Encoding"); coding {
	case "":
		return body, nil
	case "gzip":
		decoded, err = gzip.NewReader(decoded)
	case "zstd":
		decoded, err = zstd.NewReader(decoded)
	default:
		err = fmt.Errorf("content coding %q", coding)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(decoded)
}
