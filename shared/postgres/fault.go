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

// Fault gives an error of the database its code. Errors that already are faults stay what they are.
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

// away reports whether the database did not answer, or said that it cannot for now.
func away(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		return true // a login that is refused too, as while a password is changed: it says nothing of the statement
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", // connection exception
			"25", // a read-only standby after a failover
			"40", // serialization failure or deadlock, already tried again
			"53", // out of resources
			"55", // a lock that was not to be had in time
			"57", // shutting down, starting up, or statement cancelled
			"58": // the system below failed
			return true
		}
		return false
	}
	var network net.Error
	return errors.As(err, &network) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool")
}

// canceled reports whether the database ended the statement, since it took too long or was asked to.
func canceled(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "57014"
}
