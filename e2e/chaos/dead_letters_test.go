package chaos

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/stack"
	"taskwire.dev/e2e/world"
)

// TestDeadLetters_KilledInMidWork_EachIsKeptOnce kills the function that stores dead letters, its sidecar and its
// database while 500 dead letters are in flight.
func TestDeadLetters_KilledInMidWork_EachIsKeptOnce(t *testing.T) {
	const letters = 500
	s := openStack(t)
	ctx := check.Within(t, timeout)
	values := check.Must(s.Values(ctx))(t)
	db := check.Must(pgx.Connect(ctx, values.Database["owner"]))(t)
	consumer := "chaos-" + strings.ToLower(rand.Text())
	kafka := check.Must(kgo.NewClient(kgo.SeedBrokers(strings.Split(values.KafkaBrokers, ",")...), kgo.DefaultProduceTopic("dead-letters")))(t)
	defer kafka.Close()
	records := make([]*kgo.Record, letters)
	for i := range records {
		records[i] = &kgo.Record{Value: fmt.Appendf(nil,
			`{"deadletterid":%q,"deadletterreason":"poison","deadletterconsumer":%q,"deadlettertopic":"task-events","deadletterattempts":6,"specversion":"1.0","id":"%d","source":"/chaos","type":"task.completed"}`,
			rand.Text(), consumer, i)}
	}
	kept := func() (rows, failures int, err error) {
		if db.IsClosed() { // its server was killed
			if db, err = pgx.Connect(ctx, values.Database["owner"]); err != nil {
				return 0, 0, err
			}
		}
		err = db.QueryRow(ctx, `SELECT count(*), coalesce(sum(failures), 0) FROM dead_letter WHERE consumer = $1`, consumer).Scan(&rows, &failures)
		return rows, failures, err
	}
	victims := []string{"dead-letter", stack.Sidecar("dead-letter"), stack.Postgres, "dead-letter"}
	for i, victim := range victims {
		// Publish more, so that some are in flight when the next process dies.
		part := letters / len(victims)
		check.NoError(t, kafka.ProduceSync(ctx, records[i*part:(i+1)*part]...).FirstErr())
		check.NoError(t, world.Again(ctx, func() error {
			if rows, _, err := kept(); err != nil || rows <= i*part {
				return errors.Join(fmt.Errorf("%d stored, none of the new ones", rows), err)
			}
			return nil
		}))
		before := check.Must(s.Kill9(ctx, victim))(t)
		check.Must(s.WaitReplaced(ctx, before))(t)
	}
	check.NoError(t, world.Again(ctx, func() error {
		if rows, _, err := kept(); err != nil || rows < letters {
			return errors.Join(fmt.Errorf("%d of %d are stored", rows, letters), err)
		}
		return nil
	}))
	if rows, failures, err := kept(); err != nil || rows != letters || failures != letters {
		t.Errorf("%d stored with %d failures, want %d of each; %v", rows, failures, letters, err)
	}
}
