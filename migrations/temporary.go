package migrations

import (
	"crypto/tls"
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// Temporary reports whether another try may succeed where err came from the database: it does not answer, is starting or
// shutting down, has no connection left, or somebody's transaction is in the way. A refused login, a certificate that is not
// trusted and any other error of a statement are none of these.
func Temporary(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "57P01", "57P02", "57P03", // shutting down, after a crash, starting
			"53300",                   // too many connections
			"55P03", "40P01", "40001": // a lock that was not to be had in time, a deadlock, a conflict
			return true
		}
		return false
	}
	var certificate *tls.CertificateVerificationError
	if errors.As(err, &certificate) {
		return false
	}
	var connect *pgconn.ConnectError
	return errors.As(err, &connect)
}
