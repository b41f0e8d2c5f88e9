package export

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"taskwire.dev/shared/signingkey"
)

// formatName tells an archive from a backup, which also has a manifest.json.
const formatName = "taskwire-export"

// Manifest lists what is in an archive. The signature is of its bytes.
type Manifest struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	User    uuid.UUID `json:"user_id"`
	AsOf    AsOf      `json:"as_of"`
	Chain   Chain     `json:"chain"`
	Files   []File    `json:"files"`
}

// AsOf is the last change in an archive.
type AsOf struct {
	Seq  int64     `json:"seq"`
	Time time.Time `json:"time"`
}

// Chain is the hash chain over the events.
type Chain struct {
	Events int64  `json:"events"`
	First  string `json:"first"` // the hash before the first event
	Last   string `json:"last"`
}

// File is a file of an archive, before compression.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Signature is the signature of a manifest.
type Signature struct {
	Algorithm string `json:"alg"` // EdDSA, with Ed25519
	KeyID     string `json:"kid"`
	PublicKey string `json:"public_key"` // base64url; whether it is the server's own must be checked elsewhere
	Signature string `json:"signature"`  // base64url, of signed(manifest)
}

// signed returns the bytes that are signed. The first line keeps the signature from being taken for one of something else.
func signed(manifest []byte) []byte {
	return append([]byte("taskwire export manifest 1\n"), manifest...)
}

// sign returns the bytes of the manifest and, with a key, of its signature.
func (m Manifest) sign(key *signingkey.Key) (manifest, signature []byte, err error) {
	if manifest, err = json.MarshalIndent(m, "", "  "); err != nil {
		return nil, nil, err
	}
	manifest = append(manifest, '\n')
	if key == nil {
		return manifest, nil, nil
	}
	signature, err = json.MarshalIndent(Signature{
		Algorithm: "EdDSA", KeyID: key.ID,
		PublicKey: base64.RawURLEncoding.EncodeToString(key.Public()),
		Signature: base64.RawURLEncoding.EncodeToString(ed25519.Sign(key.PrivateKey, signed(manifest))),
	}, "", "  ")
	return manifest, append(signature, '\n'), err
}

// check returns the public key if the signature is of the manifest.
func (s Signature) check(manifest []byte) (ed25519.PublicKey, bool) {
	key, err := base64.RawURLEncoding.DecodeString(s.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil, false
	}
	signature, err := base64.RawURLEncoding.DecodeString(s.Signature)
	if err != nil {
		return nil, false
	}
	public := ed25519.PublicKey(key)
	return public, s.Algorithm == "EdDSA" && s.KeyID == signingkey.IDOf(public) && ed25519.Verify(public, signed(manifest), signature)
}
