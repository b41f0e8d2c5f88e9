// Package function is the dashboard: it serves the embedded frontend.
package function

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"net/url"
	"strconv"

	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/httpapi"
)

// built is what frontend/scripts/pack.mjs makes; in a fresh clone it is empty.
//
//go:embed all:dist
var built embed.FS

// standIn is a page on how to build the frontend.
//
//go:embed all:public
var standIn embed.FS

// aliases are the addresses that users guess, and the pages they mean.
var aliases = map[string]string{
	"/login":    "/sign-in",
	"/signin":   "/sign-in",
	"/register": "/sign-up",
	"/signup":   "/sign-up",
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	site site
}

// New returns an instance that has not started.
func New() *Function { return serving(embedded) }

// serving returns a function that serves the result of load.
func serving(load func() (site, error)) *Function {
	f := &Function{}
	f.Base = fn.New(func(context.Context, struct{}) (_ http.Handler, err error) {
		if f.site, err = load(); err != nil {
			return nil, err
		}
		rt := &httpapi.Router{}
		rt.Route("/", f.serve)
		return rt, nil
	})
	return f
}

// embedded returns the frontend, or its stand-in.
func embedded() (site, error) {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		return nil, err
	}
	if _, err := fs.Stat(dist, manifestName); err == nil {
		return loadBuilt(dist)
	}
	public, err := fs.Sub(standIn, "public")
	if err != nil {
		return nil, err
	}
	return loadPlain(public)
}

func (f *Function) serve(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return httpapi.NotAllowed(w, r, http.MethodGet, http.MethodHead)
	}
	if page, ok := aliases[r.URL.Path]; ok {
		http.Redirect(w, r, (&url.URL{Path: page, RawQuery: r.URL.RawQuery}).String(), http.StatusFound)
		return nil
	}
	found, ok := f.site[r.URL.Path]
	status := http.StatusOK
	if !ok {
		found, status = f.site[notFoundPage], http.StatusNotFound
	}
	form := found.form(r.Header)
	h := w.Header()
	h.Set("Content-Security-Policy", found.policy)
	h.Set("X-Content-Type-Options", "nosniff")
	if len(found.forms) > 1 {
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("Cache-Control", found.caching)
	if ok {
		h.Set("ETag", form.etag)
		if !httpapi.NoneMatch(r, form.etag) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	h.Set("Content-Type", found.contentType)
	if form.encoding != identity {
		h.Set("Content-Encoding", form.encoding)
	}
	h.Set("Content-Length", strconv.Itoa(len(form.content)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(form.content) // a browser that has disconnected needs no response
	}
	return nil
}
