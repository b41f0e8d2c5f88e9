package consumer

import "sync"

// tries counts how often each event that is not done yet was delivered to this process. Dapr does not say.
type tries struct {
	mu    sync.Mutex
	count map[string]int
}

// maxTries is how many events are counted. What is left over when a partition goes to another replica would
// otherwise stay for ever; with the counts lost, Dapr's own limit still holds.
const maxTries = 10_000

// next counts a delivery and returns which one it is, from 1.
func (t *tries) next(key string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.count == nil || len(t.count) >= maxTries {
		t.count = map[string]int{}
	}
	t.count[key]++
	return t.count[key]
}

func (t *tries) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.count, key)
}
