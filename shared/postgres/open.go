// Package postgres opens Taskwire's database, shares its connections fairly between users, sets whose rows a
// transaction may see, and classifies which of its errors are temporary.
package postgres

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
	"github.com/jackc/pgx/v5/pgxpool"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/telemetry"
)

// Config says which database a function uses, in which role, and with how many connections.
type Config struct {
	URL      string `env:"DATABASE_URL,required"`
	MaxConns int32  `env:"DATABASE_MAX_CONNS" envDefault:"10"`
	// ByKey is for pools whose few statements all look up rows by key, whatever their parameters are. By default
	// PostgreSQL plans a statement with a list anew each time, which for a short list takes longer than running it; and
	// it scans a table that was empty at its last ANALYZE, such as the outbox, whose pages are mostly full of deleted
	// rows.
	ByKey bool
	// OnNotice gets PostgreSQL's notices. Tests read the plans of statements from them (migrations/pgtest/sized).
	OnNotice pgconn.NoticeHandler
}

// Timeout bounds every call of this package: a request must not hang on a database that does not answer.
const Timeout = 5 * time.Second

// cancelTimeout is how long a canceled statement has to end before its connection is closed.
const cancelTimeout = time.Second

// Pool is a pool of connections of which no user has more than a quarter. All statements get their connection from
// acquire.
type Pool struct {
	conns  *pgxpool.Pool
	shares *Shares

	suits      atomic.Bool // the schema is one that this code works with
	complained atomic.Bool // that it is not was logged
}

// Open returns a pool. It does not connect yet, so a function starts while the database is unavailable and reports that
// in Ready.
func Open(ctx context.Context, c Config) (*Pool, error) {
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, err
	}
	pc.MaxConns = c.MaxConns
	pc.MinIdleConns = 1
	pc.MaxConnLifetime = time.Hour
	// Each takes 2 MB of the server's memory at least, and opening one some milliseconds.
	pc.MaxConnIdleTime = 2 * time.Minute
	pc.MaxConnLifetimeJitter = 10 * time.Minute
	pc.ConnConfig.ConnectTimeout = 2 * time.Second
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pc.ConnConfig.OnNotice = c.OnNotice
	if !throughPooler(pc.ConnConfig) {
		// A function that died in a transaction must not hold its locks until TCP notices.
		pc.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = "30s"
		// A lock timeout in the database keeps the connection; a timeout in the client costs a new one.
		pc.ConnConfig.RuntimeParams["lock_timeout"] = "3s"
		if c.ByKey {
			pc.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
			pc.ConnConfig.RuntimeParams["enable_seqscan"] = "off"
		}
		// When a caller hangs up, its statement is canceled and the connection is kept: otherwise a client that keeps
		// sending requests and hanging up would keep the pool reconnecting. A pooler keeps the server's connections anyway,
		// and PgBouncer 1.18 crashes on a request to cancel whose statement has ended meanwhile.
		pc.ConnConfig.BuildContextWatcherHandler = func(conn *pgconn.PgConn) ctxwatch.Handler {
			return &pgconn.CancelRequestContextWatcherHandler{Conn: conn, DeadlineDelay: cancelTimeout}
		}
	}
	if telemetry.Tracing() {
		pc.ConnConfig.Tracer = newTracer()
	}
	pc.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		pgxuuid.Register(conn.TypeMap()) // in binary; through database/sql's interfaces a UUID would travel as text
		return nil
	}
	conns, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, err
	}
	if telemetry.Measuring() {
		if err := otelpgx.RecordStats(conns); err != nil {
			return nil, err
		}
	}
	return &Pool{conns: conns, shares: NewShares(int64(max(1, pc.MaxConns/4)))}, nil
}

// throughPooler reports whether the address is that of a pooler in transaction mode, such as PgBouncer's or Neon's: it then says
// default_query_exec_mode=cache_describe, so that statements are not prepared by name in a session that the next
// transaction may not get. A pooler refuses settings at the start of a session, too: the roles have them (migrations,
// 20261127020000_role_settings.sql).
func throughPooler(c *pgx.ConnConfig) bool {
	return c.DefaultQueryExecMode != pgx.QueryExecModeCacheStatement
}

// Close closes all connections. It waits until those in use are released.
func (p *Pool) Close() { p.conns.Close() }

// QueueTimeout is how long a request waits for a connection.
const QueueTimeout = 2 * time.Second

// Conn is a connection of a Pool.
type Conn struct {
	*pooled
	leave func()
}

type pooled = pgxpool.Conn

// Release returns the connection to the pool. The pool closes one that is still in a transaction.
func (c *Conn) Release() {
	c.pooled.Release()
	c.leave()
}

// Acquire takes a connection for p, when p has fewer than its share. The wait has its own timeout, and ends when the
// caller hangs up: a request that waited until its deadline would get a connection with no time left to use it, and
// would close it when canceled. After an outage, when all clients retry at once, that would repeat forever.
func (p *Pool) Acquire(ctx context.Context, who Party) (*Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, QueueTimeout)
	defer cancel()
	leave, err := p.shares.Take(ctx, who)
	if err != nil {
		return nil, err
	}
	c, err := p.conns.Acquire(ctx)
	if err != nil {
		leave()
		return nil, fault.WrapUnavailable("the database", err)
	}
	return &Conn{c, leave}, nil
}

// Collect returns the rows of a query for who.
func Collect[T any](ctx context.Context, p *Pool, who Party, scan pgx.RowToFunc[T], query string, args ...any) ([]T, error) {
	c, err := p.Acquire(ctx, who)
	if err != nil {
		return nil, err
	}
	defer c.Release()
	rows, err := c.Query(ctx, query, args...)
	if err != nil {
		return nil, Fault(err)
	}
	list, err := pgx.CollectRows(rows, scan)
	return list, Fault(err)
}

// RowSize returns how many bytes the current row has as it came from the server.
func RowSize(rows pgx.Rows) (n int) {
	for _, value := range rows.RawValues() {
		n += len(value)
	}
	return n
}

// InTx runs work in a transaction on a connection of who.
func (p *Pool) InTx(ctx context.Context, who Party, work func(pgx.Tx) error) error {
	c, err := p.Acquire(ctx, who)
	if err != nil {
		return err
	}
	defer c.Release()
	return pgx.BeginFunc(ctx, c, work)
}

// Rollback ends the transaction that conn is in, if any.
func Rollback(ctx context.Context, conn *Conn) {
	if !conn.Conn().IsClosed() {
		_, _ = conn.Exec(ctx, "ROLLBACK") // when this fails, Release closes the connection
	}
}

// NewID returns a UUIDv7. It panics only if the system has no randomness, as crypto/rand does.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }

// Ready reports a fault while the database does not answer, or until its schema is one that this code works with.
func (p *Pool) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := p.checkSchema(ctx); err != nil {
		return err
	}
	return Fault(p.conns.Ping(ctx))
}
