package task

// Counts are the numbers of a user's open tasks, as one snapshot of the user's log.
type Counts struct {
	Seq        int64            `json:"seq"` // of the last change that is counted
	Open       int64            `json:"open"`
	ByPriority map[string]int64 `json:"by_priority"` // open tasks of each priority
}

// NewCounts returns the counts of a user without tasks.
func NewCounts() Counts {
	c := Counts{ByPriority: make(map[string]int64, len(priorities))}
	for _, name := range priorities {
		c.ByPriority[name] = 0
	}
	return c
}
