package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2id (RFC 9106) with the minimum of OWASP's Password Storage Cheat Sheet. Each hash takes 19 MiB while it runs.
const (
	hashTime    = 2
	hashMemory  = 19 * 1024 // KiB
	hashThreads = 1
	hashSalt    = 16 // bytes
	hashKey     = 32 // bytes
)

// dummy is the hash of no known password.
var dummy = encode(random(hashSalt), random(hashKey))

// Hash returns the hash of a password in PHC string format.
func Hash(password string) string {
	salt := random(hashSalt)
	return encode(salt, argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, hashKey))
}

// Verify reports whether password has the hash. An empty hash never matches, and takes as long as any other: the response time
// must not reveal whether the user exists.
func Verify(hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = dummy
	}
	p, err := decode(hash)
	if err != nil {
		return false, err
	}
	key := argon2.IDKey([]byte(password), p.salt, p.time, p.memory, p.threads, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(key, p.key) == 1 && known, nil
}

// parameters are the parameters in a hash, so that it can be verified after ours have changed.
type parameters struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

const phc = "$argon2id$v=%d$m=%d,t=%d,p=%d$"

// encode writes the PHC string format.
func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf(phc, argon2.Version, hashMemory, hashTime, hashThreads) + b64.EncodeToString(salt) + "$" + b64.EncodeToString(key)
}

func decode(hash string) (parameters, error) {
	var p parameters
	var version int
	if _, err := fmt.Sscanf(hash, phc, &version, &p.memory, &p.time, &p.threads); err != nil || version != argon2.Version {
		return p, errors.New("password: the password hash is not Argon2id")
	}
	parts := strings.Split(hash, "$") // "", argon2id, version, parameters, salt, key
	if len(parts) != 6 {
		return p, errors.New("password: truncated password hash")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, fmt.Errorf("password: salt of a password hash: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, fmt.Errorf("password: key of a password hash: %w", err)
	}
	if len(p.key) == 0 {
		return p, errors.New("password: truncated password hash") // an empty key would match every password
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}
