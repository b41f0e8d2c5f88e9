package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
)

// QueueMail implements account.Store.
func (s *Store) QueueMail(ctx context.Context, m account.Mail) error {
	return s.exec(ctx, postgres.OfCaller(ctx), addMail, m.ID, m.Kind, m.Email, m.CreatedAt)
}

const addMail = `INSERT INTO mail_queue (id, kind, email, created_at, next_at) VALUES ($1, $2, $3, $4, $4)`

func queueMail(b *pgx.Batch, m account.Mail) { b.Queue(addMail, m.ID, m.Kind, m.Email, m.CreatedAt) }

// ClaimMail implements account.Queue.
func (s *Store) ClaimMail(ctx context.Context, hide time.Duration) (m *account.Mail, next time.Time, err error) {
	err = s.transact(ctx, postgres.Platform, func(ctx context.Context, tx pgx.Tx) error {
		// mail_queue_next, app_user_email_key and the primary keys of preference and account_deletion
		const claim = `
UPDATE mail_queue SET tries = tries + 1, next_at = now() + $1
WHERE id = (SELECT id FROM mail_queue WHERE next_at <= now() ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, email, created_at, tries,
  coalesce((SELECT p.language FROM app_user u JOIN preference p ON p.user_id = u.id WHERE u.email = mail_queue.email), ''),
  (SELECT d.closes_at FROM app_user u JOIN account_deletion d ON d.user_id = u.id WHERE u.email = mail_queue.email)`
		var found account.Mail
		err := tx.QueryRow(ctx, claim, hide).Scan(&found.ID, &found.Kind, &found.Email, &found.CreatedAt, &found.Tries, &found.Language, &found.ClosesAt)
		if err == nil {
			m = &found
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		var first *time.Time
		if err := tx.QueryRow(ctx, `SELECT min(next_at) FROM mail_queue`).Scan(&first); err != nil || first == nil {
			return err
		}
		next = *first
		return nil
	})
	return m, next, err
}

// AddLink implements account.Queue.
func (s *Store) AddLink(ctx context.Context, m account.Mail, link account.TokenHash, expires time.Time) error {
	return s.transact(ctx, postgres.Platform, func(ctx context.Context, tx pgx.Tx) error {
		var user uuid.UUID
		// app_user_email_key
		err := tx.QueryRow(ctx, `SELECT id FROM app_user WHERE email = $1 AND disabled_at IS NULL`, m.Email).Scan(&user)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such user")
		}
		if err != nil {
			return err
		}
		const add = `INSERT INTO password_reset (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`
		_, err = tx.Exec(ctx, add, m.ID, user, link[:], expires)
		return err
	})
}

// RetryMail implements account.Queue.
func (s *Store) RetryMail(ctx context.Context, id uuid.UUID, in time.Duration) error {
	return s.exec(ctx, postgres.Platform, `UPDATE mail_queue SET next_at = now() + $2 WHERE id = $1`, id, in)
}

// DropMail implements account.Queue.
func (s *Store) DropMail(ctx context.Context, id uuid.UUID) error {
	return s.exec(ctx, postgres.Platform, `DELETE FROM mail_queue WHERE id = $1`, id)
}

func (s *Store) exec(ctx context.Context, p postgres.Party, statement string, args ...any) error {
	return s.transact(ctx, p, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
}

// UserByLink implements account.Store.
func (s *Store) UserByLink(ctx context.Context, link account.TokenHash) (u account.User, err error) {
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// password_reset_token_hash_key, then the primary key of app_user
		const owner = `
SELECT ` + userColumns + ` FROM app_user WHERE id = (SELECT user_id FROM password_reset WHERE token_hash = $1 AND expires_at > now()) AND disabled_at IS NULL`
		err := scanUser(tx.QueryRow(ctx, owner, link[:]), &u)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoLink
		}
		return err
	})
	return u, err
}

var errNoLink = fault.New(fault.NotFound, "there is no such link")

// ResetPassword implements account.Store.
func (s *Store) ResetPassword(ctx context.Context, user uuid.UUID, link account.TokenHash, c account.PasswordChange) error {
	return s.transact(ctx, postgres.OfUser(user), func(ctx context.Context, tx pgx.Tx) error {
		// First the user, as every change of an account: two uses of a link come one after the other.
		if _, err := lockUser(ctx, tx, user); err != nil {
			return err
		}
		// password_reset_token_hash_key
		tag, err := tx.Exec(ctx, `DELETE FROM password_reset WHERE token_hash = $1 AND user_id = $2 AND expires_at > now()`, link[:], user)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errNoLink
		}
		b := &pgx.Batch{}
		b.Queue(changePassword, user, c.Hash, c.RevokeTokens)
		if err := queueNotice(ctx, b, c.Notice); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}
