package store

import (
	"context"

	"taskwire.dev/shared/memory"
)

// Limits of a page of a list. Items are rarely longer than a kilobyte, so pages rarely end early.
const (
	smallPage  = 32 << 10 // reserves nothing
	maxPage    = 1 << 20
	pageFactor = 4 // the items, their JSON, and its buffer while it grows
)

// pageBudget bounds the bytes of one page. A page ends before its limit of items if it has maxPage bytes, or if memory is
// short: the client continues from its cursor.
type pageBudget struct {
	ctx   context.Context
	most  int64
	bytes int64
}

// newPageBudget returns the budget of a page for the request of ctx, of at most that many bytes.
func newPageBudget(ctx context.Context, most int64) *pageBudget {
	return &pageBudget{ctx: ctx, most: most}
}

// add reports whether an item of that many bytes fits on the page. The first one always does.
func (p *pageBudget) add(bytes int) bool {
	first := p.bytes == 0
	p.bytes += int64(bytes) + 1
	switch {
	case first, p.bytes <= smallPage:
		return true
	case p.bytes > p.most:
		return false
	default:
		return memory.TryReserve(p.ctx, p.bytes*pageFactor)
	}
}
