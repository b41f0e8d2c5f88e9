package userlog

import (
	"context"
	"slices"
	"sync"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
)

// group lets changes that wait at the same moment share a transaction (group commit), so that BEGIN, COMMIT, the wait
// for the disk, two round trips and their context switches cost the same for one change as for many. A change that
// arrives while fewer than maxBatches are running starts at once: none waits just to be joined by others.
//
// In a shared transaction each statement runs for one user, who is set for row-level security before it. The changes
// are of different users (see userLock), none waits for a user's lock, and a change that the domain rejects is not a
// database error, so none can delay or fail the rest. If the database rejects something after all, each change is run
// again in its own transaction.
type group struct {
	mu      sync.Mutex
	waiting []*pending
	running int
}

const (
	// maxBatches is how many shared transactions run at once: one works while another waits for the disk.
	maxBatches = 2
	// maxBatch is how many changes share a transaction. The first waits for the last, and holds its lock meanwhile.
	maxBatch = 32
)

// commitInGroup runs p together with other waiting changes. It leaves p not done when p needs its own transaction.
func (l *Log) commitInGroup(ctx context.Context, p *pending) {
	if l.group.enter(p) {
		l.runBatch()
	}
	// As for a connection: waiting until the request's deadline would leave no time for the work.
	ctx, cancel := context.WithTimeout(ctx, postgres.QueueTimeout)
	defer cancel()
	select {
	case <-p.left:
	case <-ctx.Done():
		if l.group.leave(p) {
			p.fail(fault.WrapUnavailable("the database", ctx.Err()))
			return
		}
		<-p.left
	}
}

// runBatch runs one batch. Changes that arrived meanwhile get their own goroutine, so that the caller can respond.
func (l *Log) runBatch() {
	l.commitBatch(l.group.take())
	if l.group.more() {
		go l.runBatch()
	}
}

// commitBatch runs changes in one transaction and releases their callers.
func (l *Log) commitBatch(batch []*pending) {
	defer func() {
		for _, p := range batch {
			close(p.left)
		}
	}()
	if len(batch) == 0 {
		return
	}
	conn, err := l.pool.Acquire(context.Background(), postgres.Platform)
	if err != nil {
		failAll(batch, err)
		return
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(context.Background(), postgres.Timeout)
	defer cancel()
	ctx, end := beginBatch(ctx, batch)
	defer end()
	if undone, err := l.transact(ctx, conn, batch, skipLocked); err != nil && !undone {
		failAll(batch, err)
	}
}

func failAll(batch []*pending, err error) {
	for _, p := range batch {
		p.fail(err)
	}
}

// enter adds p to the waiting changes, and reports whether the caller must run a batch.
func (g *group) enter(p *pending) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.waiting = append(g.waiting, p)
	if g.running == maxBatches {
		return false
	}
	g.running++
	return true
}

// leave removes p, and reports whether it was still waiting.
func (g *group) leave(p *pending) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	at := slices.Index(g.waiting, p)
	if at < 0 {
		return false
	}
	g.waiting = slices.Delete(g.waiting, at, at+1)
	return true
}

// take returns the next batch: the changes that have waited longest.
func (g *group) take() []*pending {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), maxBatch)
	batch := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return batch
}

// more reports whether changes wait; if not, the caller's batch no longer counts as running.
func (g *group) more() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) > 0 {
		return true
	}
	g.running--
	return false
}
