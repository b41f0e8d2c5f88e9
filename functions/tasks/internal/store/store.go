// Package store executes commands and queries on tasks, in the role taskwire_app.
package store

import (
	"context"

	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// Tasks are the caller's tasks.
type Tasks struct {
	pool *postgres.Pool
	log  *userlog.Log

	// How many tasks a list reads in the order of its sort before it looks for those that match, how many of those it reads,
	// and how many it reads in the order of its sort if there are more.
	walk, exact, longWalk int
}

// New returns the store.
func New(pool *postgres.Pool, log *userlog.Log) *Tasks {
	return &Tasks{pool: pool, log: log, walk: 5000, exact: 4000, longWalk: 12_000}
}

// Execute executes a command. If the key was used before for the same request, it returns the first answer and changes
// nothing. render makes the answer, and is called before the commit.
func (s *Tasks) Execute(ctx context.Context, who token.Principal, key idempotency.Key, cmd task.Command,
	render func(task.Outcome) idempotency.Answer,
) (idempotency.Answer, error) {
	if err := s.reserve(ctx, who, cmd.Needs()); err != nil {
		return idempotency.Answer{}, err
	}
	c := userlog.Command(who, cmd, render)
	c.Key = key
	return s.log.Do(ctx, c)
}
