package oauth

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"taskwire.dev/shared/fault"
)

// host serves what a test wants at https://app.example.
func host(t *testing.T, serve http.HandlerFunc) *documents {
	t.Helper()
	server := httptest.NewTLSServer(serve)
	t.Cleanup(server.Close)
	d := newDocuments(true)
	transport := d.http.Transport.(*http.Transport)
	transport.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} //nolint:gosec // the server of the test has its own certificate
	dial := transport.DialContext
	at := server.Listener.Addr().String()
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) { return dial(ctx, network, at) }
	return d
}

const appDocument = `{"client_id": "https://app.example/oauth.json", "client_name": "App", "redirect_uris": ["http://127.0.0.1/callback"], "jwks": {}}`

// TestDocuments: a document is used if it is the one of its address, small, and not redirected, and it is read once.
func TestDocuments(t *testing.T) {
	t.Parallel()
	asked := 0
	body, kind, status := appDocument, "application/json", http.StatusOK
	d := host(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Location", "https://app.example/other.json")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	for range 2 {
		c, err := d.client(t.Context(), "https://app.example/oauth.json")
		if err != nil || c.Name != "App" || c.Host != "app.example" || !c.allows("http://127.0.0.1:5/callback") || c.allows("http://127.0.0.1:5/") {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if asked != 1 {
		t.Errorf("read %d times", asked)
	}
	for name, change := range map[string]func(){
		"another id":     func() { body = strings.Replace(appDocument, "oauth.json", "other.json", 1) },
		"no redirect":    func() { body = strings.Replace(appDocument, `"http://127.0.0.1/callback"`, "", 1) },
		"a bad redirect": func() { body = strings.Replace(appDocument, "http://127.0.0.1/callback", "javascript:alert(1)", 1) },
		"a secret": func() {
			body = strings.Replace(appDocument, `"jwks"`, `"token_endpoint_auth_method": "client_secret_post", "jwks"`, 1)
		},
		"a turned name":    func() { body = strings.Replace(appDocument, `"App"`, `"A\u202epp"`, 1) },
		"no JSON":          func() { body = "<html>" },
		"another type":     func() { kind = "text/html" },
		"a redirection":    func() { status = http.StatusFound },
		"an error":         func() { status = http.StatusNotFound },
		"more than 5 KiB":  func() { body = appDocument + strings.Repeat(" ", maxDocument) },
		"an endless reply": func() { body = strings.Repeat("[", 1<<20) },
	} {
		body, kind, status = appDocument, "application/json", http.StatusOK
		d.seen.Purge()
		change()
		if _, err := d.client(t.Context(), "https://app.example/oauth.json"); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDocuments_AddressesThatAreNotRead: neither other forms of an address, nor any in the network around the function.
func TestDocuments_AddressesThatAreNotRead(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"http://app.example/oauth.json", "https://app.example", "https://app.example/", "https://user@app.example/a", "https://app.example/a?x=1", "https://app.example/a?",
		"https://app.example/a#x", "https://app.example/../a", "https://app.example/./a", "https://app.example/%2e%2e/a ", "https:///a", "https://app.example/a\tb",
	} {
		if _, err := documentAddress(id); err == nil {
			t.Errorf("%q is read", id)
		}
	}
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a private address was asked") }))
	t.Cleanup(server.Close)
	local, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	d := newDocuments(false)
	for _, at := range []string{
		local.Host, "localhost:" + local.Port(), "[::1]:" + local.Port(), "[::ffff:127.0.0.1]:" + local.Port(), "0.0.0.0:" + local.Port(),
		"10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
	} {
		if _, err := d.client(t.Context(), "https://"+at+"/oauth.json"); !fault.Is(err, fault.Invalid) || !strings.Contains(fault.From(err).Error(), "prohibited") {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// TestRefreshTokens_AreNotMadeElsewhere: only the whole of a token that was made here is one.
func TestRefreshTokens_AreNotMadeElsewhere(t *testing.T) {
	t.Parallel()
	tokens, id := refreshTokens{newSecret()}, newID()
	secret := tokens.issue(id, 7)
	if got, generation, ok := tokens.parse(secret); !ok || got != id || generation != 7 {
		t.Fatalf("%v %d %t", got, generation, ok)
	}
	for _, bad := range []string{"", secret[1:], secret + "A", "A" + secret[1:], (refreshTokens{newSecret()}).issue(id, 7)} {
		if _, _, ok := tokens.parse(bad); ok && bad != secret {
			t.Errorf("%q is a token", bad)
		}
	}
}
