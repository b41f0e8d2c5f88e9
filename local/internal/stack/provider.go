package stack

import (
	"fmt"

	"taskwire.dev/local/internal/provider"
	"taskwire.dev/local/internal/supervise"
)

// signsInElsewhere reports whether the stack has an OpenID provider.
func (s *Stack) signsInElsewhere() bool { return s.options.Provider && !s.options.InfraOnly }

func (s *Stack) provider() (provider.Server, error) {
	client, err := s.secrets.Password("provider-client")
	return provider.Server{
		Binary: s.providerBinary, Port: s.profile.ProviderPort(), Secret: client, Log: s.log("provider"),
		Site: fmt.Sprintf("http://localhost:%d", s.profile.Gateway),
	}, err
}

// providers is what the auth function has to know of providers.
func (s *Stack) providers() (string, error) {
	if !s.signsInElsewhere() {
		return "none", nil
	}
	p, err := s.provider()
	if err != nil {
		return "", err
	}
	return p.Config()
}

func (s *Stack) providerURL() string {
	if !s.signsInElsewhere() {
		return ""
	}
	return provider.Server{Port: s.profile.ProviderPort()}.URL()
}

// provideIdentities starts the OpenID provider.
func (s *Stack) provideIdentities(parts *[]supervise.Part) error {
	if !s.signsInElsewhere() {
		return nil
	}
	p, err := s.provider()
	if err != nil {
		return err
	}
	part, err := p.Part()
	if err != nil {
		return err
	}
	*parts = append(*parts, part)
	return nil
}
