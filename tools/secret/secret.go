// Package secret stores a profile's generated passwords, tokens and keys: one file each, readable by its owner only,
// generated once and then kept.
package secret

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Store is a folder of secrets.
type Store struct{ Dir string }

// Path is the file of a secret.
func (s Store) Path(name string) string { return filepath.Join(s.Dir, name) }

// Password returns the secret of that name, a new one if there is none.
func (s Store) Password(name string) (string, error) {
	return s.keep(name, func() (string, error) { return Random(), nil })
}

// Random returns a new password: 26 characters that need no escaping in a URL.
func Random() string { return strings.ToLower(rand.Text()) }

// SigningKey returns the Ed25519 key of that name as PKCS#8 in PEM.
func (s Store) SigningKey(name string) (string, error) {
	return s.keep(name, NewSigningKey)
}

// NewSigningKey generates an Ed25519 key as PKCS#8 in PEM.
func NewSigningKey() (string, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// Read returns a secret that must exist.
func (s Store) Read(name string) (string, error) {
	content, err := os.ReadFile(s.Path(name))
	return strings.TrimSpace(string(content)), err
}

// Write replaces a secret; a reader never sees a partial file.
func (s Store) Write(name, value string) error {
	temporary := s.Path(name) + ".new"
	if err := os.WriteFile(temporary, []byte(value), 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, s.Path(name))
}

func (s Store) keep(name string, generate func() (string, error)) (string, error) {
	value, err := s.Read(name)
	if err == nil && value != "" {
		return value, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("secret %s: %w", name, err)
	}
	if value, err = generate(); err != nil {
		return "", err
	}
	return strings.TrimSpace(value), s.Write(name, value)
}
