package migrations

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
)

// SetRole gives the account with this email address a role, "admin" or "user". Tokens carry the role that the account
// had when they were made: sign in again for a new one. Routes for administrators check the account as well,
// so a former administrator is refused at once.
func SetRole(ctx context.Context, url, email, role string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	// app_user_email_key
	tag, err := conn.Exec(ctx, "UPDATE app_user SET role = $2 WHERE email = $1", strings.ToLower(email), role)
	if err != nil {
		return fmt.Errorf("role of %s: %w", email, err)
	}
	if tag.RowsAffected() == 0 {
		return fmt.Errorf("there is no account with the address %s", email)
	}
	return nil
}
