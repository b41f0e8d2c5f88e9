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
// comes while fewer than maxBatches run starts at once: none ever waits in order to be joined by others.
//
// In a shared transaction each statement runs for one user, who is set for row-level security before it. The changes are
// of different users (see userLock), none waits for a user's lock, and a change that the domain refuses is no error of
// the database, so none can hold up or fail the rest. Should the database refuse something after all, each change is
// done again in a transaction of its own.
type group struct {
	mu      sync.Mutex
	waiting []*pending
	running int
}

const (
	// maxBatches is how many shared transactions run at once: while one waits for the disk another works.
	maxBatches = 2
	// maxBatch is how many changes share one. The first of them waits for the last, and holds its lock meanwhile.
	maxBatch = 32
)

// commitInGroup runs p with the changes that wait as well. It leaves p not done when p needs a transaction of its own.
func (l *Log) commitInGroup(ctx context.Context, p *pending) {
	if l.group.enter(p) {
		l.runBatch()
	}
	// As for a connection: to wait into the deadline of the request would leave no time for the work.
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

// runBatch runs one batch. Changes that have come meanwhile get a goroutine of their own, so that the caller's request
// is answered.
func (l *Log) runBatch() {
	l.commitBatch(l.group.take())
	if l.group.more() {
		go l.runBatch()
	}
}

// commitBatch runs changes in one transaction and releases those who wait for them.
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
	if undone, err := l.transact(ctx, conn, batch, skipLocked); err != nil && !undone {
		failAll(batch, err)
	}
}

func failAll(batch []*pending, err error) {
	for _, p := range batch {
		p.fail(err)
	}
}

// enter adds p to those that wait, and reports whether the caller must run a batch.
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

// leave takes p out again, and reports whether it still waited.
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

// take takes the next batch, those that have waited longest.
func (g *group) take() []*pending {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := min(len(g.waiting), maxBatch)
	batch := slices.Clone(g.waiting[:n])
	g.waiting = slices.Delete(g.waiting, 0, n)
	return batch
}

// more reports whether changes wait; if not, the caller's batch counts no longer as running.
func (g *group) more() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) > 0 {
		return true
	}
	g.running--
	return false
}
