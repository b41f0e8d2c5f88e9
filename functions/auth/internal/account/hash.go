package account

import (
	"context"
	"crypto/rand"
	"runtime"
	"runtime/debug"
	"time"

	"taskwire.dev/shared/password"
)

// restAfter is how long memory is kept for the next hash, which takes a third less time than with new pages; then it is
// returned to the system.
const restAfter = time.Second

// Hasher hashes passwords. Each hash takes 19 MiB while it runs, so only a few run at a time: the memory of the
// function is bounded however many logins arrive at once.
type Hasher struct {
	// Tests, which register many users, replace these two with cheap ones.
	Hash    func(secret string) string // password.Hash
	Collect func()                     // runtime.GC

	queue *queue
	rest  *time.Timer
}

// NewHasher returns a Hasher that runs at most parallel hashes at a time.
func NewHasher(parallel int) *Hasher {
	h := &Hasher{Hash: password.Hash, Collect: runtime.GC, queue: newQueue(max(1, parallel)), rest: time.AfterFunc(restAfter, debug.FreeOSMemory)}
	h.rest.Stop() // until there is something to return
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

// leave frees the slot after its memory can be used again. Otherwise the garbage collector lets the memory of several
// hashes accumulate, and the function would be killed for it. The caller need not wait for that.
func (h *Hasher) leave(release func()) {
	h.Collect()
	release()
	h.rest.Reset(restAfter)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails (Go 1.24)
	return b
}
