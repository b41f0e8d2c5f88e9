package main

import (
	"context"
	"net/http"
	"strings"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
)

// absentID is an id that does not exist.
const absentID = "019aa8f0-7c00-7a10-8b5e-3f2a1c4d5e6f"

// fill sets a value for each parameter of a path.
func fill(path, value string) string {
	for {
		open := strings.IndexByte(path, '{')
		if open < 0 {
			return path
		}
		end := strings.IndexByte(path, '}')
		path = path[:open] + value + path[end+1:]
	}
}

// outside are the operations that the gateway serves and whose responses end.
func (a *arena) outside() []spec.Operation {
	var all []spec.Operation
	for _, o := range a.operations {
		if !o.Internal && !o.Stream {
			all = append(all, o)
		}
	}
	return all
}

// everyRoute sends one request for each header line to each route, without a token and with the attacker's.
func (a *arena) everyRoute(ctx context.Context, header []string) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	type shot struct {
		o             spec.Operation
		token, header string
	}
	var shots []shot
	for _, o := range a.outside() {
		for _, h := range header {
			shots = append(shots, shot{o, "", h})
			if a.whole {
				shots = append(shots, shot{o, attacker.Token(), h})
			}
		}
	}
	parallel(ctx, 8, len(shots), func(i int) {
		s := shots[i]
		r := raw{method: s.o.Method, target: fill(s.o.Path, absentID), token: s.token, header: s.header}
		if s.o.Media != "" {
			r.body = "{}"
		}
		from := a.host(i % 6)
		resp, err := a.send(ctx, from, r)
		a.noFault(resp, err, s.o.Method+" "+s.o.Path)
	})
	return ctx.Err()
}

// noFault records a response that blames the product, and not the request.
func (a *arena) noFault(resp *client.Response, err error, what string) {
	switch {
	case err != nil:
		a.fault("no answer: %s", what)
	case resp.Status >= http.StatusInternalServerError && resp.Status != http.StatusNotImplemented:
		a.fault("%d: %s", resp.Status, what)
	}
}

func badHeaders(ctx context.Context, a *arena) error {
	return a.everyRoute(ctx, []string{
		"X-B: \xff\r\n", "X-B: \x80\xfe\r\n", "X-B: a\x00b\r\n", "X-B: a\x7fb\r\n", "X-B: a\x01b\r\n", "X\xff: b\r\n",
		"traceparent: \xff\r\n", "Idempotency-Key: \xff\r\n", "Cookie: a=\xff\r\n", "Accept: \xff\r\n",
	})
}

func largeHeaders(ctx context.Context, a *arena) error {
	return a.everyRoute(ctx, []string{
		"X-B: " + strings.Repeat("b", 60_000) + "\r\n",
		"X-B: " + strings.Repeat("b", 900_000) + "\r\n",
		strings.Repeat("X-B: b\r\n", 5_000),
		"Cookie: " + strings.Repeat("a=b; ", 12_000) + "\r\n",
	})
}

func badPaths(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	type shot struct{ method, path, id string }
	var shots []shot
	for _, o := range a.outside() {
		if !strings.Contains(o.Path, "{") {
			continue
		}
		for _, id := range []string{"%00", "%0a", "%0d%0a", "%7f", "%ff", "%c0%af", "a%00b", absentID + "%00", "%e2%80", "%2e%2e", "%2f", "%"} {
			shots = append(shots, shot{o.Method, o.Path, id})
		}
	}
	parallel(ctx, 8, 2*len(shots), func(i int) {
		s, r := shots[i/2], raw{}
		if i%2 == 0 {
			r.token = attacker.Token()
		}
		r.method, r.target = s.method, fill(s.path, s.id)
		resp, err := a.send(ctx, a.host(i%6), r)
		switch {
		case err != nil:
			a.fault("no answer: %s %s", s.method, s.path)
		case resp.Status/100 != 4:
			a.fault("%d: %s %s", resp.Status, s.method, s.path)
		}
	})
	return ctx.Err()
}

// forgedHost: a host other than the product's is rejected, and one that a proxy would have set is not repeated.
func forgedHost(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	const evil = "evil.example"
	targets := []string{"/", "/api/todos", "/api/auth/me", "/api/status", "/mcp", "/.well-known/oauth-protected-resource/mcp", "/.well-known/jwks.json"}
	for _, target := range targets {
		for _, host := range []string{evil, evil + ":80", a.doorHost() + "." + evil, "127.0.0.1.evil.example", "a b"} {
			resp, err := a.send(ctx, a.host(0), raw{method: http.MethodGet, target: target, host: host, token: attacker.Token()})
			if err != nil || resp.Status/100 != 4 { // the problem may name what it rejects
				a.fault("Host %s is taken", host)
			}
		}
		for _, header := range []string{"X-Forwarded-Host: " + evil + "\r\n", "Forwarded: host=" + evil + "\r\n", "X-Host: " + evil + "\r\n"} {
			resp, err := a.send(ctx, a.host(0), raw{method: http.MethodGet, target: target, header: header, token: attacker.Token()})
			if err != nil {
				a.fault("no answer: %s", target)
				continue
			}
			if strings.Contains(string(resp.Body), evil) {
				a.fault("%s repeats %s", target, header)
			}
			for _, values := range resp.Header {
				if strings.Contains(strings.Join(values, " "), evil) {
					a.fault("a header of %s repeats %s", target, header)
				}
			}
		}
	}
	resp, err := a.send(ctx, a.host(0), raw{method: http.MethodGet, target: "http://" + evil + "/api/status", token: attacker.Token(), host: evil})
	if err != nil || resp.Status/100 != 4 {
		a.fault("an absolute target of another host is taken")
	}
	return nil
}
