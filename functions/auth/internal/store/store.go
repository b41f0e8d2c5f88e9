// Package store stores accounts, sessions and tokens in PostgreSQL.
package store

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// Store implements account.Store, in the role taskwire_auth.
type Store struct{ pool *postgres.Pool }

// New returns the store.
func New(pool *postgres.Pool) *Store { return &Store{pool: pool} }

const userColumns = `id, email, name, role, created_at, disabled_at, (SELECT closes_at FROM account_deletion d WHERE d.user_id = app_user.id)`

func scanUser(row pgx.Row, u *account.User, more ...any) error {
	err := row.Scan(append([]any{&u.ID, &u.Email, &u.Name, &u.Role, &u.CreatedAt, &u.DisabledAt, &u.DeletesAt}, more...)...)
	u.CreatedAt = u.CreatedAt.UTC()
	if u.DeletesAt != nil {
		at := u.DeletesAt.UTC()
		u.DeletesAt = &at
	}
	return err
}

// transact runs work in a transaction of p, and retries it after a conflict with another one.
func (s *Store) transact(ctx context.Context, p postgres.Party, work func(context.Context, pgx.Tx) error) error {
	c, err := s.pool.Acquire(ctx, p)
	if err != nil {
		return err
	}
	defer c.Release()
	// A session must not be separated from its cookie because the caller hung up in between.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), postgres.Timeout)
	defer cancel()
	return postgres.Fault(postgres.Retry(func() error {
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error { return work(ctx, tx) })
	}))
}

// AddUser implements account.Store.
func (s *Store) AddUser(ctx context.Context, u account.NewUser, first account.NewSession) error {
	err := s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		// app_user_registration_key_key
		b.Queue(`UPDATE app_user SET registration_key = NULL WHERE registration_key = $1 AND created_at <= now() - interval '1 day'`, u.RegistrationKey)
		const add = `
INSERT INTO app_user (id, email, name, password_hash, created_at, registration_key) VALUES ($1, $2, $3, $4, $5, nullif($6, ''))`
		b.Queue(add, u.ID, u.Email, u.Name, u.PasswordHash, u.CreatedAt, u.RegistrationKey)
		if p := u.Preferences; p != nil {
			const choose = `
INSERT INTO preference (user_id, timezone, reminder_lead, overdue_reminders, week_start, language, updated_at) VALUES ($1, $2, $3, $4, $5, nullif($6, ''), clock_timestamp())`
			b.Queue(choose, u.ID, p.Timezone, p.ReminderLead, p.OverdueReminders, p.WeekStart, p.Language)
		}
		// A stream of this user needs an epoch from the start.
		b.Queue(`INSERT INTO user_stream (user_id) VALUES ($1)`, u.ID)
		if u.Identity != nil {
			addIdentity(b, u.ID, *u.Identity)
		}
		addSession(b, first)
		return tx.SendBatch(ctx, b).Close()
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation {
		if pg.ConstraintName == "app_user_email_key" || pg.ConstraintName == "app_user_registration_key_key" {
			return fault.Wrap(fault.Conflict, err, "this email address is already registered")
		}
	}
	if u.Identity != nil {
		err = takenIdentity(err, u.Identity.Name)
	}
	return err
}

// uniqueViolation is PostgreSQL's code for a value that another row already has.
const uniqueViolation = "23505"

// UserByEmail implements account.Store.
func (s *Store) UserByEmail(ctx context.Context, email string) (account.Credentials, error) {
	// app_user_email_key
	return s.credentials(ctx, `SELECT `+userColumns+`, password_hash FROM app_user WHERE email = $1`, email)
}

// UserByRegistrationKey implements account.Store.
func (s *Store) UserByRegistrationKey(ctx context.Context, key string) (account.Credentials, error) {
	// app_user_registration_key_key
	const recent = `SELECT ` + userColumns + `, password_hash FROM app_user WHERE registration_key = $1 AND created_at > now() - interval '1 day'`
	return s.credentials(ctx, recent, key)
}

func (s *Store) credentials(ctx context.Context, query, value string) (account.Credentials, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	var c account.Credentials
	conn, err := s.pool.Acquire(ctx, postgres.OfCaller(ctx))
	if err != nil {
		return c, err
	}
	defer conn.Release()
	err = scanUser(conn.QueryRow(ctx, query, value), &c.User, &c.PasswordHash)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, fault.New(fault.NotFound, "there is no such user")
	}
	return c, postgres.Fault(err)
}

// Principal implements account.Store.
func (s *Store) Principal(ctx context.Context, who token.Principal) (account.User, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	var u account.User
	conn, err := s.pool.Acquire(ctx, postgres.OfUser(who.UserID))
	if err != nil {
		return u, err
	}
	defer conn.Release()
	b := &pgx.Batch{}
	if who.Personal {
		postgres.NotRevoked(b, who, postgres.Fail)
		// Once a minute is precise enough, and avoids a write per request. primary key of access_token
		const used = `
UPDATE access_token SET last_used_at = now() WHERE id = $1 AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`
		b.Queue(used, who.TokenID).Exec(postgres.Discard)
	}
	if who.App {
		// Likewise. primary key of session
		b.Queue(`UPDATE session SET used_at = now() WHERE id = $1 AND ended_at IS NULL AND used_at < now() - interval '1 minute'`, who.SessionID).Exec(postgres.Discard)
	}
	if who.SessionID != uuid.Nil {
		b.Queue(sessionOpen, who.SessionID, who.UserID).QueryRow(requireOpen)
	}
	// primary key of app_user
	b.Queue(`SELECT `+userColumns+` FROM app_user WHERE id = $1`, who.UserID).QueryRow(func(row pgx.Row) error {
		if err := scanUser(row, &u); err != nil {
			return gone(err)
		}
		if u.DisabledAt != nil {
			return account.ErrSession
		}
		return nil
	})
	return u, postgres.Fault(conn.SendBatch(ctx, b).Close())
}

// lockUser serializes changes to one user's sessions and tokens. NO KEY, so that others can still add rows that refer
// to the user.
func lockUser(ctx context.Context, tx pgx.Tx, id uuid.UUID) (account.User, error) {
	var u account.User
	err := scanUser(tx.QueryRow(ctx, `SELECT `+userColumns+` FROM app_user WHERE id = $1 FOR NO KEY UPDATE`, id), &u)
	return u, gone(err)
}

// lockActive is lockUser, and ErrDisabled for a disabled account.
func lockActive(ctx context.Context, tx pgx.Tx, id uuid.UUID) (account.User, error) {
	user, err := lockUser(ctx, tx, id)
	if err == nil && user.DisabledAt != nil {
		err = account.ErrDisabled
	}
	return user, err
}

func gone(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return fault.New(fault.Unauthenticated, "the account no longer exists")
	}
	return err
}
