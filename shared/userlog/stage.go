package userlog

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
)

// A change of many tasks is made in stages, all in one transaction: each reads a part of them, and what became of the part before
// it is written and forgotten by then. So its memory has a bound, and its transaction is its own.

// stageMemory is how many bytes a stage needs: it holds each task before and after the change, its event, and what is sent of both.
const stageMemory = 8 << 20

// stage is a part of a change.
type stage struct {
	read  func(*pgx.Batch)
	apply func()
}

// Later adds a stage: read queues its queries, and apply is called with their results. It runs after Apply.
func (tx *Tx) Later(read func(*pgx.Batch), apply func()) {
	tx.stages = append(tx.stages, stage{read, apply})
}

// putOff reports whether there are stages.
func (tx *Tx) putOff() bool { return len(tx.stages) > 0 || tx.PutOff() }

// nextStage returns the next stage: first those of the ledger, then those of Later. There must be one.
func (tx *Tx) nextStage() stage {
	if tx.PutOff() {
		ids := tx.NextStage()
		return stage{func(b *pgx.Batch) { queueTasks(b, tx.UserID, ids, tx.Ledger) }, tx.RunStage}
	}
	next := tx.stages[0]
	tx.stages = tx.stages[1:]
	return next
}

// runStages runs the stages of changes that have their own transaction. After an error, or if the changes have failed, nothing
// may be committed.
func (p *pending) runStages(ctx context.Context, conn *postgres.Conn) error {
	for p.tx.putOff() {
		if err := p.flush(ctx, conn); err != nil {
			return err
		}
		next := p.tx.nextStage()
		b := &pgx.Batch{}
		next.read(b)
		if err := conn.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		if !p.applyStage(next) {
			return nil
		}
		if err := checkNames(ctx, conn, []*pending{p}); err != nil || p.done {
			return err
		}
		if err := readNotified(ctx, conn, []*pending{p}); err != nil {
			return err
		}
		p.resolve()
	}
	return nil
}

func (p *pending) applyStage(s stage) (ok bool) {
	defer p.recover(&ok)
	s.apply()
	return p.check()
}

// flush writes what was done so far, and forgets it.
func (p *pending) flush(ctx context.Context, conn *postgres.Conn) error {
	b := &pgx.Batch{}
	p.queueEvents(b)
	p.wrote = p.wrote || len(p.tx.Events()) > 0
	p.tx.writes = pgx.Batch{}
	p.tx.Written()
	p.notified = notified{}
	if b.Len() == 0 {
		return nil
	}
	p.flushed = true
	return conn.SendBatch(ctx, b).Close()
}
