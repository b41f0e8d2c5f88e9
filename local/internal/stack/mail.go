package stack

import (
	"path/filepath"

	"taskwire.dev/local/internal/mailpit"
	"taskwire.dev/local/internal/supervise"
)

// catchesMail reports whether the stack has functions, one of which sends mail.
func (s *Stack) catchesMail() bool { return !s.options.InfraOnly }

func (s *Stack) mailpit() mailpit.Server {
	return mailpit.Server{
		Binary: s.mailpitBinary, Data: filepath.Join(s.profile.Dir(), "mailpit.db"), Port: s.profile.MailPort(), Log: s.log("mailpit"),
	}
}

func (s *Stack) mailURL() string {
	if !s.catchesMail() {
		return ""
	}
	return s.mailpit().API()
}

// catchMail starts the server that catches what functions send.
func (s *Stack) catchMail(parts *[]supervise.Part) error {
	if !s.catchesMail() {
		return nil
	}
	part, err := s.mailpit().Part()
	if err != nil {
		return err
	}
	*parts = append(*parts, part)
	return nil
}
