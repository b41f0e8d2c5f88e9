package function

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// raw sends raw bytes, which no HTTP library would send, and reads the response.
func (b *bundle) raw(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	conn := dial(t, b.url)
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.200q: %v", request, err)
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res, string(text)
}

// get is a GET with additional header lines.
func (b *bundle) get(target, header string) string {
	return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\n%s\r\n", target, strings.TrimPrefix(b.url, "http://"), header)
}

// TestSyntax_IsRefusedOnEveryRoute: bytes that are invalid in a header or a decoded URL, and too many bytes, never
// reach a function.
func TestSyntax_IsRefusedOnEveryRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token := "Authorization: Bearer " + b.person(t).bearer + "\r\n"
	for _, path := range []string{
		"/api/todos", "/api/notifications", "/api/auth/login", "/mcp", "/", "/api/status", "/api/stream/tasks", "/api/none", "/internal/events/task-updates", "/.well-known/jwks.json",
	} {
		for name, c := range map[string]struct {
			request string
			status  int
		}{
			"header is no UTF-8":     {b.get(path, token+"X-B: \xff\r\n"), 400},
			"half a character":       {b.get(path, token+"X-B: a\xc3\r\n"), 400},
			"C1 in Latin-1":          {b.get(path, token+"Accept: \x85\r\n"), 400},
			"NUL in the path":        {b.get(path+"%00", token), 400},
			"line break in the path": {b.get(path+"/%0a", token), 400},
			"DEL in the path":        {b.get(path+"/%7F", token), 400},
			"path is no UTF-8":       {b.get(path+"/%ff", token), 400},
			"raw bytes in the path":  {b.get(path+"/\xff", token), 400},
			"raw bytes in the query": {b.get(path+"?q=\xff", token), 400},
			"much header":            {b.get(path, token+"X-Long: "+strings.Repeat("a", maxHeader)+"\r\n"), 431},
			"many headers":           {b.get(path, token+strings.Repeat("X-Many: a\r\n", 2000)), 431},
			"long target":            {b.get(path+"?"+strings.Repeat("a", maxTarget), token), 414},
		} {
			res, text := b.raw(t, c.request)
			if res.StatusCode != c.status || res.Header.Get("Content-Type") != "application/problem+json" || res.Header.Get("X-Frame-Options") != "DENY" || len(text) > 2000 {
				t.Errorf("%s, %s: %d %v %.200s", path, name, res.StatusCode, res.Header, text)
			}
		}
	}
	for name, behind := range b.behind {
		if len(behind.got) > 0 {
			t.Errorf("%s got a request", name)
		}
	}
	// Unusual and valid.
	for _, c := range [][2]string{
		{"/api/todos?q=%C3%A4%0A%09b", "X-B: \xc3\xa4\tb\r\n"}, {"/api/todos?q=\xc3\xa4", ""}, {"/api/todos/%C3%A4", ""}, {"/api/todos?q=100%25", ""},
	} {
		if res, text := b.raw(t, b.get(c[0], token+c[1])); res.StatusCode != http.StatusOK {
			t.Errorf("%q: %d %s", c, res.StatusCode, text)
		}
	}
}

// A response that names another header field each time cannot be compared.
func TestSyntax_NamesTheSameHeaderEachTime(t *testing.T) {
	t.Parallel()
	r := &http.Request{URL: &url.URL{Path: "/"}, Header: http.Header{"A-B": {"\xff"}, "A-A": {"\xff"}, "A-C": {"\xff"}}}
	for range 50 {
		if err := checkSyntax(r); err == nil || !strings.Contains(err.Error(), "A-A") {
			t.Fatalf("%v, want A-A", err)
		}
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		public  string
		allowed string
		good    []string
		bad     []string
	}{
		{
			"http://localhost:8080", "gateway, gateway.taskwire.svc:8081",
			[]string{"localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "gateway", "gateway:80", "gateway.taskwire.svc:8081"},
			[]string{"", "evil.example", "localhost", "localhost:8081", "localhost.evil.example:8080", "127.0.0.1.evil.example:8080", "gateway:8080", "169.254.169.254", "localhost:8080@evil.example"},
		},
		{
			"https://tasks.example.com/", "",
			[]string{"tasks.example.com", "Tasks.Example.com:443"},
			[]string{"localhost", "127.0.0.1", "tasks.example.com:8443", "tasks.example.com.evil.example", "example.com", "xtasks.example.com"},
		},
	} {
		h, _, err := newHosts(c.public, strings.Split(c.allowed, ","))
		if err != nil {
			t.Fatal(err)
		}
		for _, host := range c.good {
			if err := h.check(&http.Request{Host: host}); err != nil {
				t.Errorf("%s: %v", c.public, err)
			}
		}
		for _, host := range c.bad {
			if h.check(&http.Request{Host: host}) == nil {
				t.Errorf("%s answers to %q", c.public, host)
			}
		}
	}
	for _, public := range []string{"", "localhost:8080", "ftp://x", "http://"} {
		if _, _, err := newHosts(public, nil); err == nil {
			t.Errorf("%q is a public URL", public)
		}
	}
}

// TestHost_OnEveryPublicRoute: a page whose name resolves to the gateway gets nothing from it (DNS rebinding). The
// gateway's own sidecar calls it by its address.
func TestHost_OnEveryPublicRoute(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, path := range []string{"/", "/api/todos", "/api/status", "/api/stream/tasks", "/api/none", "/mcp", "/.well-known/jwks.json"} {
		res, text := b.raw(t, "GET "+path+" HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer "+b.person(t).bearer+"\r\n\r\n")
		if res.StatusCode != http.StatusMisdirectedRequest || !strings.Contains(text, "misdirected") {
			t.Errorf("%s: %d %s", path, res.StatusCode, text)
		}
	}
	body := "{}"
	res, text := b.raw(t, fmt.Sprintf("POST /internal/events/task-updates HTTP/1.1\r\nHost: 127.0.0.1\r\nDapr-Api-Token: %s\r\nContent-Length: %d\r\n\r\n%s", appToken, len(body), body))
	if res.StatusCode != http.StatusOK {
		t.Errorf("the sidecar: %d %s", res.StatusCode, text)
	}
}

// TestAuthentication_ComesFirst: without a valid token nothing is passed on, except requests for a token, and the
// response does not wait for the body.
func TestAuthentication_ComesFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	host := strings.TrimPrefix(b.url, "http://")
	for _, target := range []string{
		"POST /api/todos", "GET /api/todos", "OPTIONS /api/todos", "GET /api/notifications", "PATCH /api/notifications/%3f/read", "POST /mcp", "GET /mcp", "GET /api/auth/me",
		"GET /api/auth/login", "POST /api/auth/login/x", "POST /api/auth/tokens", "GET /api/admin/dead-letters", "POST /.well-known/jwks.json", "POST /api/events",
	} {
		for _, bearer := range []string{"", "Authorization: Bearer a.b.c\r\n", "Authorization: Basic eDp5\r\n"} {
			res, text := b.raw(t, target+" HTTP/1.1\r\nHost: "+host+"\r\n"+bearer+"Content-Length: 1000\r\n\r\n{")
			want := "Bearer realm=\"taskwire\""
			if strings.HasSuffix(target, "/mcp") {
				want += ", "
				if strings.Contains(bearer, "a.b.c") {
					want += `error="invalid_token", `
				}
				want += `scope="mcp", resource_metadata="` + publicURL + `/.well-known/oauth-protected-resource/mcp"`
			}
			if res.StatusCode != http.StatusUnauthorized || res.Header.Get("WWW-Authenticate") != want || !res.Close || !strings.Contains(text, "unauthenticated") {
				t.Errorf("%s %q: %d %v %s", target, bearer, res.StatusCode, res.Header, text)
			}
		}
	}
	for name, behind := range b.behind {
		if len(behind.got) > 0 {
			t.Errorf("%s got a request", name)
		}
	}
	for target, name := range map[string]string{
		"POST /api/auth/login": "auth", "POST /api/auth/register": "auth", "POST /api/auth/refresh": "auth", "POST /api/auth/logout": "auth",
		"GET /.well-known/oauth-protected-resource": "mcp", "GET /": "dashboard", "GET /app.js": "dashboard",
	} {
		res, text := b.raw(t, target+" HTTP/1.1\r\nHost: "+host+"\r\nContent-Length: 2\r\n\r\n{}")
		if res.StatusCode != http.StatusOK || text != name {
			t.Errorf("%s: %d %s", target, res.StatusCode, text)
		}
	}
}
