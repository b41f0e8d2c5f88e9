// Package provider runs the OpenID provider of local/provider.
package provider

import (
	"encoding/json"
	"fmt"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Server is an OpenID provider on loopback.
type Server struct {
	Binary string
	Port   int
	Secret string // of its client, which is the auth function
	Site   string // where browsers find the dashboard
	Log    string
}

const client = "taskwire"

// URL is the provider's address, and its issuer.
func (s Server) URL() string { return fmt.Sprintf("http://localhost:%d", s.Port) }

// Config is what the auth function has to know of it.
func (s Server) Config() (string, error) {
	config, err := json.Marshal([]map[string]string{{
		"id": "example", "name": "Example", "issuer": s.URL(), "client_id": client, "client_secret": s.Secret,
	}})
	return string(config), err
}

// Part is the process.
func (s Server) Part() (supervise.Part, error) {
	revision, err := supervise.Revision(s.Binary)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name: "provider", Path: s.Binary, Dir: "/", Log: s.Log, Port: s.Port, Revision: revision,
		Args: []string{
			"-listen", fmt.Sprintf("127.0.0.1:%d", s.Port), "-issuer", s.URL(), "-client-id", client,
			"-redirect", s.Site + "/sign-in/return",
		},
		Env:   []string{"PATH=/usr/bin:/bin", "GOMEMLIMIT=64MiB", "CLIENT_SECRET=" + s.Secret},
		Probe: s.URL() + "/healthz", Grace: 5 * time.Second,
	}, nil
}
