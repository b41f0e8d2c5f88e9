package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// AddDeletion implements account.Store.
func (s *Store) AddDeletion(ctx context.Context, who token.Principal, d account.Deletion) (u account.User, added bool, err error) {
	err = s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, who); err != nil {
			return err
		}
		// primary key of account_deletion
		const add = `
INSERT INTO account_deletion (user_id, id, requested_at, closes_at) VALUES ($1, $2, $3, $4) ON CONFLICT (user_id) DO NOTHING`
		tag, err := tx.Exec(ctx, add, who.UserID, d.ID, d.RequestedAt, d.ClosesAt)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		if added = tag.RowsAffected() > 0; added {
			if err := queueNotice(ctx, b, d.Notice); err != nil {
				return err
			}
			if d.Mail != nil {
				queueMail(b, *d.Mail)
			}
		}
		b.Queue(`SELECT `+userColumns+` FROM app_user WHERE id = $1`, who.UserID).QueryRow(func(row pgx.Row) error { return scanUser(row, &u) })
		return tx.SendBatch(ctx, b).Close()
	})
	return u, added, err
}

// CancelDeletion implements account.Store.
func (s *Store) CancelDeletion(ctx context.Context, who token.Principal, n *notice.Notice) (canceled bool, err error) {
	err = s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		user, err := lockOpen(ctx, tx, who)
		if err != nil {
			return err
		}
		// primary key of account_deletion; row-level security leaves one that is under way
		tag, err := tx.Exec(ctx, `DELETE FROM account_deletion WHERE user_id = $1`, who.UserID)
		if canceled = tag.RowsAffected() > 0; err != nil || !canceled {
			return err
		}
		b := &pgx.Batch{}
		b.Queue(`DELETE FROM mail_queue WHERE kind = $1 AND email = $2`, account.MailDeletion, user.Email) // the queue is short
		if err := queueNotice(ctx, b, n); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return canceled, err
}
