package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2id (RFC 9106) with the minimum of OWASP's Password Storage Cheat Sheet.
const (
	hashTime    = 2
	hashMemory  = 19 * 1024 // KiB
	hashThreads = 1
	hashSalt    = 16 // bytes
	hashKey     = 32 // bytes
)

// Hasher hashes passwords. Each hash takes 19 MiB while it runs, so only a few run at a time: the memory of the
// function is bounded however many logins arrive at once.
type Hasher struct {
	queue *queue
	dummy string
}

// NewHasher returns a Hasher that runs at most parallel hashes at a time.
func NewHasher(parallel int) *Hasher {
	h := &Hasher{queue: newQueue(max(1, parallel))}
	h.dummy = encode(random(hashSalt), random(hashKey)) // no known password has this hash
	return h
}

// admits returns the fault with which enter would refuse any client at that address with that account, if there is one.
func (h *Hasher) admits(address, account string) error {
	return h.queue.admits(client{address: address, account: account, known: true})
}

// enter waits for a slot, in which the caller may hash one password at a time until it calls leave. Its faults are
// those of queue.enter.
func (h *Hasher) enter(ctx context.Context, c client) (leave func(), err error) {
	release, err := h.queue.enter(ctx, c)
	if err != nil {
		return nil, err
	}
	return func() { go h.leave(release) }, nil
}

// leave frees the slot after its memory is returned to the system. Otherwise the garbage collector lets the memory of
// several hashes accumulate, and the function would be killed for it. The caller need not wait for that.
func (h *Hasher) leave(release func()) {
	if h.queue.idle() {
		debug.FreeOSMemory() // it is not needed again soon
	} else {
		runtime.GC()
	}
	release()
}

// hash returns the hash of a password in PHC string format. The caller has a slot.
func (h *Hasher) hash(password string) string {
	salt := random(hashSalt)
	return encode(salt, argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, hashKey))
}

// verify reports whether password has the hash. An empty hash never matches, and takes as long as any other: the
// response time must not reveal whether the user exists. The caller has a slot.
func (h *Hasher) verify(hash, password string) (bool, error) {
	known := hash != ""
	if !known {
		hash = h.dummy
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
		return p, errors.New("account: the password hash is not Argon2id")
	}
	parts := strings.Split(hash, "$") // "", argon2id, version, parameters, salt, key
	if len(parts) != 6 {
		return p, errors.New("account: truncated password hash")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, fmt.Errorf("account: salt of a password hash: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, fmt.Errorf("account: key of a password hash: %w", err)
	}
	if len(p.key) == 0 {
		return p, errors.New("account: truncated password hash") // an empty key would match every password
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}
