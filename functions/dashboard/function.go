// Package function is the dashboard: it serves the built frontend, which is embedded in it.
package function

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
)

//go:embed all:public
var public embed.FS

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	files map[string]file // by URL path
	rt    httpapi.Router
}

// file is a file of the frontend as it is served.
type file struct {
	content     []byte
	contentType string
	etag        string
}

// New returns an instance with all files at hand.
func New() *Function {
	f := &Function{files: map[string]file{}}
	root, err := fs.Sub(public, "public")
	if err == nil {
		err = fs.WalkDir(root, ".", f.load(root))
	}
	if err != nil {
		panic(err) // the files are part of the binary
	}
	f.rt.Route("/", f.serve)
	return f
}

func (f *Function) load(root fs.FS) fs.WalkDirFunc {
	return func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		loaded := file{content, mediaType(name), `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}
		f.files["/"+name] = loaded
		if page, ok := strings.CutSuffix(name, "index.html"); ok {
			f.files["/"+page] = loaded
		}
		return nil
	}
}

// mediaType names the type of a file. Those that a browser must not have to guess are named here: what the
// system knows differs from one to the other.
func mediaType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

// policy lets a page load only what is served here, and talk only to here. No inline script, no inline style.
const policy = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.rt.ServeHTTP(w, r) }

func (f *Function) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		return fault.New(fault.MethodNotAllowed, "%s takes GET and HEAD", r.URL.Path)
	}
	found, ok := f.files[r.URL.Path]
	status := http.StatusOK
	if !ok {
		found, status = f.files["/404.html"], http.StatusNotFound
	}
	h := w.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", found.contentType)
	// Names do not change with their content, so browsers ask each time, and mostly get a 304.
	h.Set("Cache-Control", "no-cache")
	if ok {
		h.Set("ETag", found.etag)
		if httpapi.NotModified(r, found.etag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(found.content)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(found.content) // a browser that has gone needs no answer
	}
	return nil
}
