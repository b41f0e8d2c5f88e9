package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/token"
)

// ActAs queues what every transaction of the role taskwire_app starts with: setting the user for row-level security
// and, for a personal access token, the check whether it was revoked. In one batch with the work it costs no round
// trip. refuse is called when the token is not valid; the batch ends with the error that it returns.
func ActAs(b *pgx.Batch, who token.Principal, refuse func(error) error) {
	b.Queue(SetUser, who.UserID.String()).Exec(Discard)
	mayAct(b, who, refuse)
}

func mayAct(b *pgx.Batch, who token.Principal, refuse func(error) error) {
	if who.Personal {
		NotRevoked(b, who, refuse)
	}
}

// SetUser sets whose rows row-level security shows, until the end of the transaction or the next call.
const SetUser = `SELECT set_config('app.user_id', $1, true)`

// SetByKey says that the transaction looks up rows by key only, as Config.ByKey does for a whole pool: a tenth of a change's time in
// PostgreSQL went into planning the same plans again.
const SetByKey = `SELECT set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
  set_config('jit', 'off', true)`

// NotRevoked queues the check whether a personal access token is still valid.
func NotRevoked(b *pgx.Batch, who token.Principal, refuse func(error) error) {
	// primary key of access_token
	const good = `SELECT EXISTS (SELECT FROM access_token WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL)`
	b.Queue(good, who.TokenID, who.UserID).QueryRow(func(row pgx.Row) error {
		var good bool
		if err := row.Scan(&good); err != nil {
			return err
		}
		if !good {
			return refuse(fault.New(fault.Unauthenticated, "the token was revoked"))
		}
		return nil
	})
}

// Fail ends a batch with the error of refuse.
func Fail(refusal error) error { return refusal }

// Discard is for statements of a batch whose result is not needed.
func Discard(pgconn.CommandTag) error { return nil }

// beReader is SetUser for queries. It sets a timeout after which PostgreSQL cancels each, and turns off compilation and
// parallel workers, whose start takes longer than any of them should, and scans of whole tables: a user's rows are found by an
// index, also when the planner takes them for a large part of the table.
const beReader = SetUser + `, set_config('statement_timeout', '2s', true),
  set_config('jit', 'off', true), set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_seqscan', 'off', true)`

// KeepOrder makes the planner read an index in the order of a list for the rest of a Read; it would rather sort what it believes
// to be few rows of the average user. So the plan does not depend on the arguments, and is made only once.
const KeepOrder = `SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
  set_config('plan_cache_mode', 'force_generic_plan', true)`

// Read runs a batch of queries for who in one round trip: without BEGIN, PostgreSQL treats everything up to the
// protocol's Sync as one transaction, so the settings made first hold for the rest and end with it.
func Read(ctx context.Context, pool *Pool, who token.Principal, queue func(*pgx.Batch)) error {
	conn, err := pool.Acquire(ctx, OfUser(who.UserID))
	if err != nil {
		return err
	}
	defer conn.Release()
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	b := &pgx.Batch{}
	b.Queue(beReader, who.UserID.String()).Exec(Discard)
	mayAct(b, who, Fail)
	queue(b)
	err = conn.SendBatch(ctx, b).Close()
	if canceled(err) && ctx.Err() == nil {
		return &fault.Error{
			Code: fault.Unavailable, Detail: "the search took too long: narrow it, for example by project, tag or status, or search for a longer word",
			RetryAfter: 2 * time.Second, Cause: err,
		}
	}
	return Fault(err)
}
