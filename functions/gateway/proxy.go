package function

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/functions/gateway/internal/meter"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/httpapi"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/telemetry/export"
)

// frontDoor forwards requests to the functions.
type frontDoor struct {
	proxies  map[string]upstreamProxy
	receiver *receiver
	hops     int
	https    bool
	origin   string // scheme and host of the public URL
	hosts    hosts
	origins  *http.CrossOriginProtection
	// changed is called when a user's request may have changed something, before the user has the response.
	changed func(user uuid.UUID)
}

// upstreamProxy is the proxy of one function.
type upstreamProxy struct {
	*httputil.ReverseProxy
	bulkhead *bulkhead
	answers  *room
}

// visit is what the proxy needs to know about a request.
type visit struct {
	body  *body // nil if there is none
	place *place
}

// visitKey is the context key of a request's visit.
type visitKey struct{}

func newFrontDoor(c Config, meter *meter.Meter, changed func(user uuid.UUID)) (*frontDoor, error) {
	allowed, origin, err := newHosts(c.PublicURL, c.AllowedHosts)
	if err != nil {
		return nil, err
	}
	d := &frontDoor{
		proxies: map[string]upstreamProxy{}, receiver: newReceiver(c.Limits.InFlight), hops: c.ProxyHops,
		https: strings.HasPrefix(origin, "https://"), origin: origin, hosts: allowed, origins: http.NewCrossOriginProtection(), changed: changed,
	}
	// Behind a proxy the Host header may differ from the browser's.
	if err := d.origins.AddTrustedOrigin(origin); err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	if c.Limits.InFlight < 1 {
		return nil, fmt.Errorf("MAX_IN_FLIGHT is %d; it must be at least 1", c.Limits.InFlight)
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
	for name, address := range c.Upstreams.forwarded(c.Sidecar) {
		target, err := url.Parse(address)
		if err != nil || target.Host == "" {
			return nil, fmt.Errorf("the URL of %s is %q", name, address)
		}
		var way http.RoundTripper = transport
		if throughSidecar[name] {
			way = dapr.Transport{Sidecar: c.Sidecar, Next: way}
		}
		way = metered{export.Transport(way, name), name, meter}
		if throughSidecar[name] {
			way = detached{way}
		}
		d.proxies[name] = upstreamProxy{d.proxy(name, target, way), newBulkhead(name, c.Limits.InFlight), newRoom(c.Limits.InFlight)}
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
			clean(h, name)
			// Functions get one address and one scheme, which they can trust.
			h.Set("X-Forwarded-For", clientAddress(r.In, d.hops).String())
			h.Set("X-Forwarded-Proto", d.scheme(r.In))
			h.Set("X-Forwarded-Host", r.In.Host)
			if !telemetry.ValidTraceparent(h.Get(telemetry.HeaderTraceparent)) {
				h.Del("Tracestate") // W3C Trace Context, 3.3: it means nothing without its parent
			}
			h.Set(telemetry.HeaderTraceparent, telemetry.Traceparent(r.In.Context())) // a span of the call replaces it
		},
		ModifyResponse: func(res *http.Response) error {
			v, _ := res.Request.Context().Value(visitKey{}).(visit)
			v.place.answer()
			if refused(name, res, dapr.TakeEnvelope(res)) {
				return refusal{name, res.StatusCode}
			}
			if c := v.place.client; c.known && res.StatusCode < http.StatusMultipleChoices && !safe(res.Request.Method) {
				d.changed(c.user)
			}
			d.secure(res.Header)
			if v.body != nil && !v.body.read.Load() {
				// The function has answered before it had all: what is left must not meet the client's next request.
				res.Header.Set("Connection", "close")
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, r *http.Request, err error) {
			d.secure(w.Header())
			asked := r.Clone(r.Context()) // r is what was sent; a problem is about what was asked for
			asked.URL.Path = strings.TrimPrefix(r.URL.Path, target.Path)
			var unread bodyError
			if v, _ := r.Context().Value(visitKey{}).(visit); v.body != nil && (errors.As(err, &unread) || v.body.late.Load()) {
				v.body.refuse(w, asked, err)
				return
			}
			httpapi.WriteProblem(w, asked, upstreamFault(name, err))
		},
	}
}

// forward sends a client's request r to the function.
func (d *frontDoor) forward(w http.ResponseWriter, r *http.Request, c client, name string) error {
	proxy := d.proxies[name]
	limit := maxBody(name)
	if !c.known {
		limit = min(limit, smallBody)
	}
	if r.ContentLength > limit {
		return fault.New(fault.TooLarge, "the body has more than %d bytes", limit)
	}
	b, release, err := d.receiver.receive(w, r, c, limit)
	if err != nil {
		if b != nil {
			b.refuse(w, r, err)
			return nil
		}
		return err
	}
	defer release()
	p, err := proxy.bulkhead.enter(r.Context(), c)
	if err != nil {
		return err
	}
	defer p.leave()
	r = r.WithContext(context.WithValue(r.Context(), visitKey{}, visit{b, p}))
	// An upgrade may always be ignored (RFC 9110, 7.8), and nothing behind speaks anything but HTTP.
	r.Header.Del("Upgrade")
	h := w.Header()
	connection := h.Get("Connection") // sendAway's
	clear(h)                          // the proxy adds what the function says, and secures it
	if connection != "" {
		h.Set("Connection", connection)
	}
	out := &outgoing{ResponseWriter: w, control: http.NewResponseController(w), room: proxy.answers, client: c.key}
	defer out.end()
	proxy.ServeHTTP(out, r)
	return nil
}

// safe reports whether a method changes nothing (RFC 9110, 9.2.1).
func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

func upstreamFault(name string, err error) error {
	var before refusal
	if errors.As(err, &before) {
		return before.fault()
	}
	return fault.WrapUnavailable("the function "+name, err)
}

// buffers is the pool of buffers for copying bodies.
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
