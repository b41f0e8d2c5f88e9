// Package redis runs the profile's own Redis. Its contents may be lost, so it writes nothing to disk.
package redis

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Server is one Redis.
type Server struct {
	Binary   string
	Dir      string
	Port     int
	Password string
	Log      string
}

// Part writes the configuration, which contains the password and so is readable by its owner only, and returns the
// process.
func (s Server) Part() (supervise.Part, error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return supervise.Part{}, err
	}
	path := filepath.Join(s.Dir, "redis.conf")
	content := fmt.Sprintf(`bind 127.0.0.1
port %d
protected-mode yes
requirepass %s
dir "%s"
daemonize no
save ""
appendonly no
maxmemory 128mb
maxmemory-policy allkeys-lru
`, s.Port, s.Password, s.Dir)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return supervise.Part{}, err
	}
	revision, err := supervise.Revision(path)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name:     "redis",
		Path:     s.Binary,
		Args:     []string{path},
		Dir:      s.Dir,
		Env:      []string{"PATH=/usr/bin:/bin", "LANG=C.UTF-8"},
		Log:      s.Log,
		Port:     s.Port,
		Probe:    s.URL(),
		Grace:    5 * time.Second,
		Revision: revision,
	}, nil
}

// URL is the address of the server.
func (s Server) URL() string {
	return (&url.URL{
		Scheme: "redis", User: url.UserPassword("", s.Password),
		Host: "127.0.0.1:" + strconv.Itoa(s.Port), Path: "/0",
	}).String()
}
