package integration

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"taskwire.dev/migrations/pgtest"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// BenchmarkExecute creates tasks of 100 users from 32 goroutines. TEST_DATABASE_URL chooses the server; the
// throwaway one does not wait for the disk.
func BenchmarkExecute(b *testing.B) {
	db := pgtest.New(b)
	pool, err := postgres.Open(b.Context(), postgres.Config{URL: db.URL("taskwire_app"), MaxConns: 12})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pool.Close)
	log := userlog.New(pool, func(uuid.UUID) {})
	users := make([]token.Principal, 100)
	for i := range users {
		users[i] = principal()
	}
	var n atomic.Int64
	b.SetParallelism(16)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			i := n.Add(1)
			cmd := task.Create{Draft: draft(fmt.Sprint("task number ", i))}
			if _, err := log.Do(b.Context(), userlog.Command(users[i%100], cmd, ok)); err != nil {
				b.Error(err)
				return
			}
		}
	})
}
