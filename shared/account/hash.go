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
	"sync/atomic"
	"time"

	"golang.org/x/crypto/argon2"

	"taskwire.dev/shared/fault"
)

// Argon2id (RFC 9106) with what OWASP's Password Storage Cheat Sheet asks for at least.
const (
	hashTime    = 2
	hashMemory  = 19 * 1024 // KiB
	hashThreads = 1
	hashSalt    = 16 // bytes
	hashKey     = 32 // bytes
)

// maxWaiting is how many may wait for a hash. One takes some 30 ms, so who waits behind that many gives up
// anyway; it is better told at once.
const maxWaiting = 64

// Hasher hashes passwords. Each hash takes 19 MiB while it lasts, so only a few run at a time: the memory of
// the function is bounded however many log in at once.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int32
	dummy   string
}

// NewHasher returns a Hasher that runs at most parallel hashes at a time.
func NewHasher(parallel int) *Hasher {
	h := &Hasher{slots: make(chan struct{}, max(1, parallel))}
	h.dummy = encode(random(hashSalt), random(hashKey)) // no password is known to have this hash
	return h
}

// Hash returns the hash of a password in PHC string format. It is Unavailable when too many wait.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := random(hashSalt)
	return encode(salt, argon2.IDKey([]byte(password), salt, hashTime, hashMemory, hashThreads, hashKey)), nil
}

// Verify reports whether password has the hash. An empty hash is nobody's, and takes as long as another: the
// time of the answer must not tell whether there is such a user. It is Unavailable when too many wait.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (good bool, err error) {
	err = h.Guess(ctx, hash, password, func() error { return nil }, func(right bool) { good = right })
	return good, err
}

// Guess verifies a password that may be a guess. may is asked when its turn has come, and when it has no error,
// then is told whether the password is right. So no more guesses run between the two than there are slots, however
// many come at once.
func (h *Hasher) Guess(ctx context.Context, hash, password string, may func() error, then func(right bool)) error {
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	p, err := decode(hash)
	if err != nil {
		return err
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if err := may(); err != nil {
		return err
	}
	key := argon2.IDKey([]byte(password), p.salt, p.time, p.memory, p.threads, uint32(len(p.key)))
	then(subtle.ConstantTimeCompare(key, p.key) == 1 && known)
	return nil
}

func (h *Hasher) enter(ctx context.Context) (leave func(), err error) {
	if h.waiting.Add(1) > maxWaiting+int32(cap(h.slots)) {
		h.waiting.Add(-1)
		return nil, busy(nil)
	}
	select {
	case h.slots <- struct{}{}:
		return func() { go h.leave() }, nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return nil, busy(ctx.Err())
	}
}

// leave gives the slot free once its memory is. Left to itself, the garbage collector lets a few hashes' worth pile
// up, and the function would be killed for it. The caller need not wait for that.
func (h *Hasher) leave() {
	if h.waiting.Add(-1) > 0 {
		runtime.GC()
	} else {
		debug.FreeOSMemory() // nobody needs it soon
	}
	<-h.slots
}

func busy(err error) error {
	return &fault.Error{
		Code: fault.Unavailable, Detail: "too many log in at this moment", RetryAfter: 2 * time.Second, Cause: err,
	}
}

// parameters are what a hash says of how it was made, so that it can be verified when ours have changed.
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
		return p, errors.New("account: a password hash that is not Argon2id's")
	}
	parts := strings.Split(hash, "$") // "", argon2id, version, parameters, salt, key
	if len(parts) != 6 {
		return p, errors.New("account: a password hash that is cut off")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, fmt.Errorf("account: salt of a password hash: %w", err)
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, fmt.Errorf("account: key of a password hash: %w", err)
	}
	if len(p.key) == 0 {
		return p, errors.New("account: a password hash that is cut off") // it would equal every password's
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}
