package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"code.dny.dev/ssrf"
	"github.com/hashicorp/golang-lru/v2/expirable"

	"taskwire.dev/shared/fault"
)

// Limits of metadata documents. Another host is asked, on a user's behalf: it gets little time and can send little.
const (
	maxDocument     = 5 << 10
	documentTimeout = 3 * time.Second
	rememberFor     = 10 * time.Minute
	rememberMost    = 1000
)

// documents reads client id metadata documents (draft-ietf-oauth-client-id-metadata-document): the id of such a client is the
// address of a document, so that its host vouches for the app.
type documents struct {
	http *http.Client
	seen *expirable.LRU[string, Client]
}

func newDocuments(private bool) *documents {
	dialer := &net.Dialer{Timeout: documentTimeout}
	if !private {
		// It looks at the address that is connected to, so a name cannot first resolve to one and then to another.
		dialer.Control = ssrf.New(ssrf.WithAnyPort(), ssrf.WithNetworks("tcp4", "tcp6")).Safe
	}
	return &documents{
		http: &http.Client{
			Timeout: documentTimeout,
			// No proxy: it would connect in place of the dialer.
			Transport: &http.Transport{
				DialContext: dialer.DialContext, TLSHandshakeTimeout: documentTimeout, ResponseHeaderTimeout: documentTimeout,
				MaxResponseHeaderBytes: 16 << 10, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			},
			CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("redirects are not followed") },
		},
		seen: expirable.NewLRU[string, Client](rememberMost, nil, rememberFor),
	}
}

// document is the part of a metadata document that matters here.
type document struct {
	ClientID   string   `json:"client_id"`
	Name       string   `json:"client_name"`
	Redirects  []string `json:"redirect_uris"`
	AuthMethod string   `json:"token_endpoint_auth_method"`
}

// client returns the client that the document at an address describes.
func (d *documents) client(ctx context.Context, id string) (Client, error) {
	if c, ok := d.seen.Get(id); ok {
		return c, nil
	}
	address, err := documentAddress(id)
	if err != nil {
		return Client{}, fault.New(fault.Invalid, "the app's client_id is not usable: %s", err)
	}
	c, err := d.read(ctx, address)
	if err != nil {
		// The cause may tell what is in the network around this function.
		return Client{}, fault.Wrap(fault.Invalid, err, "the app's description could not be read from "+hostOf(address))
	}
	d.seen.Add(id, c)
	return c, nil
}

// documentAddress checks the address of a document.
func documentAddress(id string) (*url.URL, error) {
	u, err := url.Parse(id)
	switch {
	case err != nil || u.String() != id || u.Hostname() == "":
		return nil, errors.New("it is not a URL in its usual form")
	case u.Scheme != "https":
		return nil, errors.New("it must begin with https")
	case u.User != nil || u.Fragment != "" || u.RawQuery != "" || u.ForceQuery:
		return nil, errors.New("it must have no user, query or fragment")
	case u.Path == "" || u.Path == "/" || path.Clean(u.Path) != strings.TrimSuffix(u.Path, "/"):
		return nil, errors.New("it must have a path without dots")
	}
	return u, nil
}

func (d *documents) read(ctx context.Context, address *url.URL) (Client, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address.String(), nil)
	if err != nil {
		return Client{}, err
	}
	r.Header.Set("Accept", "application/json")
	res, err := d.http.Do(r)
	if err != nil {
		return Client{}, err
	}
	defer res.Body.Close()
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if res.StatusCode != http.StatusOK || kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		return Client{}, fmt.Errorf("got %s of the type %q", res.Status, kind)
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
	if err != nil || len(body) > maxDocument {
		return Client{}, fmt.Errorf("more than %d bytes, or: %w", maxDocument, err)
	}
	var doc document
	if err := json.Unmarshal(body, &doc); err != nil {
		return Client{}, err
	}
	return doc.client(address)
}

func (d document) client(address *url.URL) (Client, error) {
	if d.Name == "" {
		d.Name = unnamed
	}
	switch {
	case d.ClientID != address.String():
		return Client{}, errors.New("client_id is not the address of the document")
	case d.AuthMethod != "" && d.AuthMethod != "none":
		return Client{}, errors.New("token_endpoint_auth_method must be none")
	case !validName(d.Name):
		return Client{}, errors.New("client_name cannot be shown")
	case len(d.Redirects) == 0 || len(d.Redirects) > maxRedirects || slices.ContainsFunc(d.Redirects, func(uri string) bool { return !validRedirect(uri) }):
		return Client{}, errors.New("redirect_uris are not usable")
	}
	return Client{ID: d.ClientID, Name: d.Name, Host: hostOf(address), Redirects: d.Redirects}, nil
}
