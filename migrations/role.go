package migrations

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/notice"
)

// SetRole gives the account with this email address a role, "admin" or "user". Tokens carry the role that the account had when they
// were made: a new administrator gets one with the next access token. Routes for administrators check the account as well, so a former
// one, whose sessions end, is refused at once.
func SetRole(ctx context.Context, url, email, role string) error {
	if role != "admin" && role != "user" {
		return fmt.Errorf("the role is admin or user, not %q", role)
	}
	return changeUser(ctx, url, email, "role "+role, func(ctx context.Context, tx pgx.Tx, u User) error {
		return alter(ctx, tx, u, notice.Role(role == "admin"), `SELECT set_role($1, $2)`, role)
	})
}

// SetDisabled disables the account with this email address, or enables it again. The sessions and access tokens of a disabled account
// end; all else of it stays.
func SetDisabled(ctx context.Context, url, email string, disable bool) error {
	action, text := "user enabled", notice.EnabledByOperator
	if disable {
		action, text = "user disabled", notice.DisabledByOperator
	}
	return changeUser(ctx, url, email, action, func(ctx context.Context, tx pgx.Tx, u User) error {
		return alter(ctx, tx, u, text, `SELECT set_disabled($1, $2)`, disable)
	})
}

// alter runs a statement that returns whether it has changed the account, of which its user is then notified.
func alter(ctx context.Context, tx pgx.Tx, u User, text notice.Text, statement string, value any) error {
	var changed bool
	if err := tx.QueryRow(ctx, statement, u.ID, value).Scan(&changed); err != nil {
		return err
	}
	if !changed {
		return errUnchanged
	}
	b := &pgx.Batch{}
	if err := notify(ctx, b, u, text); err != nil {
		return err
	}
	return tx.SendBatch(ctx, b).Close()
}
