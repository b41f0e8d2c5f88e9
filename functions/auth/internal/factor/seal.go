package factor

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
)

// Sealer encrypts what must be readable again, the secrets of authenticator apps, for the database (AES-256-GCM).
type Sealer struct{ keys []cipher.AEAD }

// minKey is the fewest characters of a key.
const minKey = 16

// NewSealer reads keys that are separated by commas. The first encrypts; the others are earlier ones, which still decrypt.
func NewSealer(keys string) (*Sealer, error) {
	s := &Sealer{}
	for key := range strings.SplitSeq(keys, ",") {
		key = strings.TrimSpace(key)
		if len(key) < minKey {
			return nil, fmt.Errorf("each key must have %d or more characters", minKey)
		}
		derived, err := hkdf.Key(sha256.New, []byte(key), nil, "taskwire second factors", sha256.Size)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(derived)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		s.keys = append(s.keys, aead)
	}
	return s, nil
}

// Seal encrypts a secret of an owner. It cannot be opened as another owner's: a row that is copied to another account is useless.
func (s *Sealer) Seal(secret, owner []byte) []byte {
	return s.keys[0].Seal(nil, nil, secret, owner) //nolint:gosec // this AEAD makes the nonces
}

// Open decrypts what Seal returned for the owner.
func (s *Sealer) Open(sealed, owner []byte) ([]byte, error) {
	for _, key := range s.keys {
		if secret, err := key.Open(nil, nil, sealed, owner); err == nil {
			return secret, nil
		}
	}
	return nil, errors.New("none of the keys for second factors opens this secret")
}

// random returns n random bytes.
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}
