package migrations

import (
	"context"
	"database/sql/driver"

	"github.com/jackc/pgx/v5/stdlib"
)

// boundWait bounds how long a migration waits for each lock. While it waits for a table, everyone else who wants the table waits
// behind it, so it gives up before the functions do, whose lock timeout is 3 s. It is set for the transaction, not for
// the session: CREATE INDEX CONCURRENTLY runs in no transaction, and blocks nobody while it waits for older ones.
const boundWait = `SET LOCAL lock_timeout = '2s'`

// connector opens connections whose transactions give up waiting for a lock.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn{opened.(*stdlib.Conn)}, nil
}

type conn struct{ *stdlib.Conn }

func (c conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	if _, err := c.ExecContext(ctx, boundWait, nil); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}
