package store

import (
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// RoleAdmin is the role of operators: the claim "role" of their tokens.
const RoleAdmin = "admin"

var errNotAdmin = fault.New(fault.Forbidden, "this is for administrators")

// RequireAdmin reports a fault unless the principal is an operator.
func RequireAdmin(who token.Principal) error {
	if who.Role == RoleAdmin {
		return nil
	}
	return errNotAdmin
}

// actAsAdmin queues what every transaction of an administrator starts with. The token has the role, but a personal
// access token keeps it for months, so the account is checked as well.
func actAsAdmin(b *pgx.Batch, who token.Principal) {
	postgres.ActAs(b, who, postgres.Fail)
	// primary key of app_user
	b.Queue(`SELECT EXISTS (SELECT FROM app_user WHERE id = $1 AND role = 'admin')`, who.UserID).QueryRow(func(row pgx.Row) error {
		var admin bool
		if err := row.Scan(&admin); err != nil {
			return err
		}
		if !admin {
			return errNotAdmin
		}
		return RequireAdmin(who)
	})
}
