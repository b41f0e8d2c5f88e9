package postgres

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/shared/fault"
)

// Fault gives a database error its code. Errors that already are faults are returned unchanged.
func Fault(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	if away(err) {
		return fault.WrapUnavailable("the database", err)
	}
	return fault.From(err)
}

// away reports whether the database did not answer, or is temporarily unable to.
func away(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return true // a rejected login as well, as while a password is changed: it says nothing about the statement
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", // connection exception
			"25", // a read-only standby after a failover
			"40", // serialization failure or deadlock, already retried
			"53", // out of resources
			"55", // a lock that could not be acquired in time
			"57", // shutting down, starting up, or statement cancelled
			"58": // system error, such as I/O
			return true
		}
		switch pg.Code {
		case "3D000", "3F000", "42P01", "42883": // no database, schema, table or function: a backup is being restored
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool")
}

// canceled reports whether the database canceled the statement, because of a timeout or on request.
func canceled(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "57014"
}
