package store

import (
	"context"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/memory"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// A change of many tasks holds each of them several times: before and after, its event, and the answer.
const (
	maxTouched    = 4 << 20 // bytes of text of all tasks that one change reads
	smallTouched  = 64 << 10
	touchedFactor = 6
)

// reserve reserves memory in the request of ctx for a change of several tasks: a batch of a hundred ids is small, and
// their tasks may have megabytes. A single task is small enough.
func (s *Tasks) reserve(ctx context.Context, who token.Principal, needs task.Needs) error {
	if len(needs.Tasks)+len(needs.Chosen) < 2 && !needs.Family {
		return nil
	}
	bytes, err := userlog.Weigh(ctx, s.pool, who, needs)
	switch {
	case err != nil:
		return err
	case bytes > maxTouched:
		return fault.New(fault.TooLarge, "this would read %d bytes of tasks at once, and at most %d are read; change fewer tasks at a time", bytes, maxTouched)
	case bytes > smallTouched:
		return memory.Reserve(ctx, bytes*touchedFactor)
	default:
		return nil
	}
}
