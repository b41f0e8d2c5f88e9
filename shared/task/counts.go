package task

// Counts are how many tasks of a user are open, as one snapshot of the user's stream.
type Counts struct {
	Seq        int64            `json:"seq"` // of the last change that they hold
	Open       int64            `json:"open"`
	ByPriority map[string]int64 `json:"by_priority"` // each priority, of the open ones
}

// NewCounts returns the counts of a user without tasks.
func NewCounts() Counts {
	c := Counts{ByPriority: make(map[string]int64, len(priorities))}
	for _, name := range priorities {
		c.ByPriority[name] = 0
	}
	return c
}
