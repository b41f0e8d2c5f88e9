package memory

import "context"

// Limits of a page of a list. Items are rarely longer than a kilobyte, so pages rarely end early.
const (
	smallPage  = 32 << 10 // reserves nothing
	MaxPage    = 1 << 20  // bytes of all items
	pageFactor = 4        // the items, their JSON, and its buffer while it grows
)

// Page bounds the bytes of one page. A page ends before its limit of items if it has that many bytes, or if memory is short: the
// client continues from its cursor.
type Page struct {
	ctx   context.Context
	most  int64
	bytes int64
}

// NewPage returns a Page for the request of ctx, of at most that many bytes.
func NewPage(ctx context.Context, most int64) *Page {
	return &Page{ctx: ctx, most: most}
}

// Add reports whether an item of that many bytes fits on the page. The first one always does.
func (p *Page) Add(bytes int) bool {
	first := p.bytes == 0
	p.bytes += int64(bytes) + 1
	switch {
	case first, p.bytes <= smallPage:
		return true
	case p.bytes > p.most:
		return false
	default:
		return TryReserve(p.ctx, p.bytes*pageFactor)
	}
}
