package function

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/pipeline"
	"taskwire.dev/shared/tracecontext"
)

// frontDoor passes requests on to the functions.
type frontDoor struct {
	proxies map[string]upstreamProxy
	hops    int
	https   bool
	origins *http.CrossOriginProtection
}

// upstreamProxy is the way to one function.
type upstreamProxy struct {
	*httputil.ReverseProxy
	bulkhead *bulkhead
}

func newFrontDoor(c Config, meter *pipeline.Meter) (*frontDoor, error) {
	d := &frontDoor{
		proxies: map[string]upstreamProxy{}, hops: c.ProxyHops,
		https: strings.HasPrefix(c.PublicURL, "https://"), origins: http.NewCrossOriginProtection(),
	}
	// Behind a proxy the Host header need not be what the browser sees.
	if err := d.origins.AddTrustedOrigin(strings.TrimSuffix(c.PublicURL, "/")); err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	if c.Limits.InFlight < 1 {
		return nil, fmt.Errorf("MAX_IN_FLIGHT is %d, and nothing would be let in", c.Limits.InFlight)
	}
	transport := &http.Transport{
		DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
		// Enough for a few thousand requests a second to few functions without new connections.
		MaxIdleConns:        512,
		MaxIdleConnsPerHost: 256,
		// A request must not meet its connection's closing: it might have been done, so it cannot be sent again. func-go
		// closes a connection that was opened and not yet used after 2 s (and one that was used after 30 s); net/http
		// opens such ones whenever another connection becomes free first.
		IdleConnTimeout: 1500 * time.Millisecond,
		// Longer than a start from zero, and shorter than the 30 s that func-go leaves for the whole answer.
		ResponseHeaderTimeout: 25 * time.Second,
		DisableCompression:    true,
	}
	for name, address := range c.Upstreams.byName(c.Sidecar) {
		target, err := url.Parse(address)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("the URL of %s is %q", name, address)
		}
		d.proxies[name] = upstreamProxy{d.proxy(name, target, metered{transport, name, meter}), newBulkhead(name, c.Limits.InFlight)}
	}
	return d, nil
}

func (d *frontDoor) proxy(name string, target *url.URL, transport http.RoundTripper) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{
		Transport:  transport,
		BufferPool: &buffers,
		ErrorLog:   slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			h := r.Out.Header
			// Functions get one address and one scheme, and may believe them.
			h.Set("X-Forwarded-For", clientAddress(r.In, d.hops).String())
			h.Set("X-Forwarded-Proto", d.scheme(r.In))
			h.Set("X-Forwarded-Host", r.In.Host)
			h.Del("Dapr-Api-Token")
			dapr.Ask(h)
			if !tracecontext.Valid(h.Get(tracecontext.Header)) {
				h.Del("Tracestate") // W3C Trace Context, 3.3: it means nothing without its parent
			}
			h.Set(tracecontext.Header, tracecontext.From(r.In.Context()))
		},
		ModifyResponse: func(res *http.Response) error {
			if err := dapr.Open(res); err != nil {
				return err
			}
			switch res.StatusCode {
			case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
				// Functions answer with problems; a proxy, or a sidecar that could not invoke its function, does not.
				if !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
					return fmt.Errorf("something before %s answered %s", name, res.Status)
				}
			}
			d.secure(res.Header)
			if b, ok := res.Request.Context().Value(bodyKey{}).(*body); ok && !b.read.Load() {
				// The function has answered before it had all: what is left must not meet the client's next request.
				res.Header.Set("Connection", "close")
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			d.secure(w.Header())
			asked := r.Clone(r.Context()) // r is what was sent; a problem is about what was asked for
			asked.URL.Path = strings.TrimPrefix(r.URL.Path, target.Path)
			httpapi.WriteProblem(w, asked, upstreamFault(name, err))
		},
	}
}

// forward sends r of a client to the function whose path it is.
func (d *frontDoor) forward(w http.ResponseWriter, r *http.Request, client string) error {
	name := upstream(r.URL.Path)
	proxy, ok := d.proxies[name]
	if !ok {
		return fault.New(fault.NotFound, "there is nothing at this path")
	}
	// Here already: a proxy, as Knative's queue-proxy is one, takes out what it cannot parse. A page is given to any query.
	if name != "dashboard" {
		if _, err := httpapi.Query(r); err != nil {
			return err
		}
	}
	limit := maxBody(name)
	if r.ContentLength > limit {
		w.Header().Set("Connection", "close") // rather than read all of it
		return fault.New(fault.TooLarge, "the body has more than %d bytes", limit)
	}
	if err := proxy.bulkhead.enter(client); err != nil {
		return err
	}
	defer proxy.bulkhead.leave(client)
	if r.Body != http.NoBody {
		b := &body{ReadCloser: http.MaxBytesReader(w, r.Body, limit)}
		r = r.WithContext(context.WithValue(r.Context(), bodyKey{}, b))
		r.Body = b
	}
	// An upgrade may always be ignored (RFC 9110, 7.8), and nothing behind speaks anything but HTTP.
	r.Header.Del("Upgrade")
	h := w.Header()
	connection := h.Get("Connection") // sendAway's
	clear(h)                          // the proxy adds what the function says, and secures it
	if connection != "" {
		h.Set("Connection", connection)
	}
	proxy.ServeHTTP(w, r)
	return nil
}

// body is a request's body that tells when it was read to its end, and whose errors can be told from those of the
// function that it is sent to.
type body struct {
	io.ReadCloser
	read atomic.Bool
}

// bodyKey is what a request's context has its body under.
type bodyKey struct{}

type bodyError struct{ error }

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		b.read.Store(true)
	case err != nil:
		err = bodyError{err}
	}
	return n, err
}

func upstreamFault(name string, err error) error {
	var unread bodyError
	if errors.As(err, &unread) {
		return httpapi.BodyFault(unread.error, "the body did not arrive whole")
	}
	return fault.Away("the function "+name, err)
}

// buffers are what bodies are copied through.
var buffers bufferPool

type bufferPool struct{ pool sync.Pool }

const bufferSize = 16 << 10

// Get implements httputil.BufferPool.
func (p *bufferPool) Get() []byte {
	if b, ok := p.pool.Get().(*[bufferSize]byte); ok {
		return b[:]
	}
	return make([]byte, bufferSize)
}

// Put implements httputil.BufferPool.
func (p *bufferPool) Put(b []byte) { p.pool.Put((*[bufferSize]byte)(b)) }
