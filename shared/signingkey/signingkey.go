// Package signingkey reads the Ed25519 keys that functions sign with, and publishes their public halves.
package signingkey

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/MicahParks/jwkset"
)

// Key is a private key with its id.
type Key struct {
	ed25519.PrivateKey
	// ID is derived from the key, so that a new key gets a new id automatically.
	ID string
}

// Parse reads a private key in PKCS #8 PEM.
func Parse(privateKeyPEM string) (Key, error) {
	block, _ := pem.Decode([]byte(privateKeyPEM))
	if block == nil {
		return Key{}, errors.New("signing key: no PEM block")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return Key{}, fmt.Errorf("signing key: %w", err)
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return Key{}, fmt.Errorf("signing key: got a %T, want Ed25519", parsed)
	}
	return Key{PrivateKey: key, ID: IDOf(key.Public().(ed25519.PublicKey))}, nil
}

// IDOf returns the id of a public key.
func IDOf(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Public returns the public key.
func (k Key) Public() ed25519.PublicKey { return k.PrivateKey.Public().(ed25519.PublicKey) }

// Set returns a key set with the public key.
func (k Key) Set(ctx context.Context) (jwkset.Storage, error) {
	jwk, err := jwkset.NewJWKFromKey(k.Public(), jwkset.JWKOptions{Metadata: jwkset.JWKMetadataOptions{
		ALG: jwkset.AlgEdDSA, KID: k.ID, USE: jwkset.UseSig,
	}})
	if err != nil {
		return nil, err
	}
	set := jwkset.NewMemoryStorage()
	return set, set.KeyWrite(ctx, jwk)
}

// JWKS returns the public key as a JSON Web Key Set (RFC 7517).
func (k Key) JWKS(ctx context.Context) (json.RawMessage, error) {
	set, err := k.Set(ctx)
	if err != nil {
		return nil, err
	}
	return set.JSONPublic(ctx)
}
