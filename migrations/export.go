package migrations

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/export"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/signingkey"
)

// Export writes the archive of a user's data. A key of "" leaves it unsigned.
func Export(ctx context.Context, url, email, key string, to io.Writer) error {
	return connected(ctx, url, func(conn *pgx.Conn) error {
		var user uuid.UUID
		// app_user_email_key
		err := conn.QueryRow(ctx, `SELECT id FROM app_user WHERE email = $1`, strings.ToLower(email)).Scan(&user)
		if errors.Is(err, pgx.ErrNoRows) {
			return fmt.Errorf("there is no account with the address %s", email)
		}
		if err != nil {
			return err
		}
		var signer *signingkey.Key
		if key != "" {
			k, err := signingkey.Parse(key)
			if err != nil {
				return err
			}
			signer = &k
		}
		read := func(ctx context.Context, queue func(*pgx.Batch)) error {
			b := &pgx.Batch{}
			b.Queue(postgres.SetUser, user.String())
			queue(b)
			return conn.SendBatch(ctx, b).Close()
		}
		archive, err := export.Prepare(ctx, read, user, 0, signer)
		if err != nil {
			return err
		}
		audit(ctx, user, "data exported") // first: a part of it is data, too
		return archive.Write(ctx, to)
	})
}

// DeleteUser has an account deleted: now, or after the days that a user has to cancel it, of which the user is notified. A deletion that
// was requested before keeps its day.
func DeleteUser(ctx context.Context, url, email string, now bool) error {
	action, wait := "deletion requested", "7 days"
	if now {
		action, wait = "deletion requested now", "0"
	}
	return changeUser(ctx, url, email, action, func(ctx context.Context, tx pgx.Tx, u User) error {
		const request = `
INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1, gen_random_uuid(), now(), now() + $2::interval)
ON CONFLICT (user_id) DO UPDATE SET closes_at = least(account_deletion.closes_at, EXCLUDED.closes_at)
RETURNING closes_at`
		var closes time.Time
		if err := tx.QueryRow(ctx, request, u.ID, wait).Scan(&closes); err != nil || now {
			return err
		}
		b := &pgx.Batch{}
		if err := notify(ctx, b, u, notice.DeletionByOperator, "day", closes.UTC().Format(time.DateOnly)); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// KeepUser cancels the deletion of an account that is not closed yet.
func KeepUser(ctx context.Context, url, email string) error {
	return changeUser(ctx, url, email, "deletion canceled", func(ctx context.Context, tx pgx.Tx, u User) error {
		tag, err := tx.Exec(ctx, `DELETE FROM account_deletion WHERE user_id = $1 AND closed_at IS NULL`, u.ID)
		if err == nil && tag.RowsAffected() == 0 {
			return fmt.Errorf("the account %s is not to be deleted", email)
		}
		return err
	})
}
