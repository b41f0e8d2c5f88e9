// Package mailpit runs Mailpit, which takes all mail and delivers none.
package mailpit

import (
	"fmt"
	"time"

	"taskwire.dev/local/internal/supervise"
)

// Server is a Mailpit on loopback.
type Server struct {
	Binary string
	Data   string // its database
	Port   int    // of SMTP; the API is at the next one
	Log    string
}

// Ports are the ports that must be free.
func (s Server) Ports() []int { return []int{s.Port, s.Port + 1} }

// SMTP is the address that mail is sent to.
func (s Server) SMTP() string { return fmt.Sprintf("smtp://127.0.0.1:%d", s.Port) }

// API is the address of the API.
func (s Server) API() string { return fmt.Sprintf("http://127.0.0.1:%d", s.Port+1) }

// kept is how many mails are kept; newer ones replace the oldest.
const kept = "500"

// Part is the process.
func (s Server) Part() (supervise.Part, error) {
	revision, err := supervise.Revision(s.Binary)
	if err != nil {
		return supervise.Part{}, err
	}
	return supervise.Part{
		Name: "mailpit", Path: s.Binary, Dir: "/", Log: s.Log, Port: s.Port + 1, Revision: revision,
		Args: []string{
			"--smtp", fmt.Sprintf("127.0.0.1:%d", s.Port), "--listen", fmt.Sprintf("127.0.0.1:%d", s.Port+1),
			"--database", s.Data, "--max", kept, "--disable-version-check", "--block-remote-css-and-fonts", "--quiet",
		},
		Env:   []string{"PATH=/usr/bin:/bin", "GOMEMLIMIT=64MiB"},
		Probe: s.API() + "/readyz", Grace: 5 * time.Second,
	}, nil
}
