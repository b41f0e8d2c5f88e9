package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"

	"taskwire.dev/e2e/client"
)

// privateDocuments: the address of an app's description, which anybody chooses, makes the server read nothing in its own network, and
// the answers do not say what is there.
func privateDocuments(ctx context.Context, a *arena) error {
	user, app, err := a.connectable(ctx)
	if err != nil {
		return err
	}
	var touched atomic.Int32
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer listener.Close()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			touched.Add(1)
			_ = conn.Close()
		}
	}()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	answers := map[string][]string{}
	for _, host := range []string{
		"127.0.0.1:" + port, "127.0.0.1:1", "127.0.0.2:" + port, "localhost:" + port, "0.0.0.0:" + port, "[::1]:" + port, "[::ffff:127.0.0.1]:" + port, "[::]:" + port,
		"2130706433:" + port, "127.1:" + port, "0x7f.1:" + port, "017700000001:" + port, "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "[fd00::1]", "[fe80::1]",
		"[64:ff9b::7f00:1]", "[2002:7f00:1::]",
	} {
		id := "https://" + host + "/app.json"
		resp := a.refused(ctx, user.Client, client.Allow(app.Query("client_id", id, "redirect_uri", appPage), true), "the description at "+id)
		if resp == nil {
			continue
		}
		name := host
		if bare, _, err := net.SplitHostPort(host); err == nil {
			name = bare
		}
		said := strings.ReplaceAll(strings.ReplaceAll(resp.Header.Get("Content-Type")+" "+string(resp.Body), host, "HOST"), name, "HOST")
		answers[said] = append(answers[said], host)
	}
	if n := touched.Load(); n > 0 {
		a.fault("a port of this machine was connected to %d times", n)
	}
	if len(answers) > 1 {
		a.fault("the answers tell addresses apart: %v", answers)
	}
	for _, id := range []string{"http://sorter.example/app.json", "file:///etc/passwd", "https://user@sorter.example/a", "https://sorter.example/a?x=1", "https://sorter.example/a#x", "https://sorter.example/../a", "https://sorter.example/", "gopher://127.0.0.1/x"} {
		a.refused(ctx, user.Client, client.Allow(app.Query("client_id", id, "redirect_uri", appPage), true), "the description at "+id)
	}
	return nil
}

// appFlood: registrations from one address are limited, and others can register meanwhile.
func appFlood(ctx context.Context, a *arena) error {
	flooder := a.clientFrom(a.host(0))
	var made atomic.Int32
	a.flood(ctx, 64, func(ctx context.Context, i int) {
		if resp := a.attempt(ctx, flooder, client.RegisterApp(fmt.Sprint("App ", i), appCallback)); resp != nil && resp.Status == http.StatusCreated {
			made.Add(1)
		}
	})
	if n := made.Load(); a.whole && n > appsPerHour {
		a.fault("one address registered %d apps", n)
	}
	_, app, tokens, err := a.connected(ctx)
	if err != nil {
		return err
	}
	a.alive(ctx, app, tokens.AccessToken)
	return nil
}

// appsPerHour is how many apps one address may register in an hour (REGISTER_LIMIT_PER_HOUR), and one that came back meanwhile.
const appsPerHour = 31
