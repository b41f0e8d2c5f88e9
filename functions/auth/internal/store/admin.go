package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// isAdmin asks whether an account is an administrator's. primary key of app_user
const isAdmin = `SELECT EXISTS (SELECT FROM app_user WHERE id = $1 AND role = 'admin' AND disabled_at IS NULL)`

func requireAdmin(row pgx.Row) error {
	var admin bool
	if err := row.Scan(&admin); err != nil {
		return err
	}
	if !admin {
		return account.ErrNotAdmin
	}
	return nil
}

// Administrator implements account.Directory.
func (s *Store) Administrator(ctx context.Context, who token.Principal) error {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	conn, err := s.pool.Acquire(ctx, postgres.OfUser(who.UserID))
	if err != nil {
		return err
	}
	defer conn.Release()
	b := &pgx.Batch{}
	b.Queue(isAdmin, who.UserID).QueryRow(requireAdmin)
	if who.Personal {
		postgres.NotRevoked(b, who, postgres.Fail)
	}
	if who.SessionID != uuid.Nil {
		b.Queue(sessionOpen, who.SessionID, who.UserID).QueryRow(requireOpen)
	}
	return postgres.Fault(conn.SendBatch(ctx, b).Close())
}

// administer runs work in a transaction in which who is an administrator in an open session.
func (s *Store) administer(ctx context.Context, who token.Principal, work func(context.Context, pgx.Tx) error) error {
	return s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(isAdmin, who.UserID).QueryRow(requireAdmin)
		b.Queue(sessionOpen, who.SessionID, who.UserID).QueryRow(requireOpen)
		if err := tx.SendBatch(ctx, b).Close(); err != nil {
			return err
		}
		return work(ctx, tx)
	})
}

// managedUsers is followed by the rest of its WHERE clause. primary keys of app_user and user_stream, session_owner, and
// access_token_user_id_idempotency_key_key by its first column
const managedUsers = `
SELECT u.id, u.email, u.name, u.role, u.created_at, u.disabled_at,
  greatest(
    (SELECT max(used_at) FROM session s WHERE s.user_id = u.id),
    (SELECT max(last_used_at) FROM access_token t WHERE t.user_id = u.id)) AS last_seen_at,
  (SELECT count(*) FROM session s WHERE s.user_id = u.id AND ended_at IS NULL AND expires_at > now()) AS sessions,
  (SELECT count(*) FROM access_token t WHERE t.user_id = u.id AND revoked_at IS NULL AND expires_at > now()) AS tokens,
  coalesce(k.tasks, 0), coalesce(k.bytes, 0), k.max_tasks, k.max_bytes
FROM app_user u LEFT JOIN user_stream k ON k.user_id = u.id WHERE `

func scanManaged(row pgx.CollectableRow) (account.ManagedUser, error) {
	u, err := pgx.RowToStructByPos[account.ManagedUser](row)
	u.CreatedAt = u.CreatedAt.UTC()
	for _, at := range []*time.Time{u.DisabledAt, u.LastSeenAt} {
		if at != nil {
			*at = at.UTC()
		}
	}
	return u, err
}

// Users implements account.Directory.
func (s *Store) Users(ctx context.Context, who token.Principal, q account.UserQuery) (users []account.ManagedUser, err error) {
	err = s.administer(ctx, who, func(ctx context.Context, tx pgx.Tx) error {
		// app_user_email_key, in its order: all accounts if the text is rare
		const list = managedUsers + `u.email > $1 AND ($2 = '' OR position(lower($2) IN lower(u.email || ' ' || u.name)) > 0) ORDER BY u.email LIMIT $3`
		rows, err := tx.Query(ctx, list, q.After, q.Text, q.Limit)
		if err != nil {
			return err
		}
		users, err = pgx.CollectRows(rows, scanManaged)
		return err
	})
	return users, err
}

// UserByID implements account.Directory.
func (s *Store) UserByID(ctx context.Context, who token.Principal, id uuid.UUID) (u account.ManagedUser, err error) {
	err = s.administer(ctx, who, func(ctx context.Context, tx pgx.Tx) error {
		rows, err := tx.Query(ctx, managedUsers+`u.id = $1`, id)
		if err != nil {
			return err
		}
		u, err = pgx.CollectExactlyOneRow(rows, scanManaged)
		return known(err)
	})
	return u, err
}

func known(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return account.ErrNoUser
	}
	return err
}

// ChangeUser implements account.Directory. The role of the auth function may change neither column; administer_user does it, and
// checks who asks.
func (s *Store) ChangeUser(ctx context.Context, who token.Principal, id uuid.UUID, c account.UserChange) (changed account.UserChange, err error) {
	err = s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		var refusal *string
		var role, state bool
		const change = `SELECT refusal, role_changed, state_changed FROM administer_user($1, $2, $3, $4, $5)`
		if err := tx.QueryRow(ctx, change, who.UserID, who.SessionID, id, c.Role, c.Disabled).Scan(&refusal, &role, &state); err != nil {
			return err
		}
		if refusal != nil {
			return refused(*refusal)
		}
		changed = account.UserChange{}
		if role {
			changed.Role = c.Role
		}
		if state {
			changed.Disabled = c.Disabled
		}
		return queueNotices(ctx, tx, &pgx.Batch{}, changed.Notices(id)...)
	})
	return changed, err
}

func refused(why string) error {
	switch why {
	case "not an administrator":
		return account.ErrNotAdmin
	case "own account":
		return account.ErrOwnAccount
	case "no such user":
		return account.ErrNoUser
	}
	return fmt.Errorf("administer_user refused: %s", why)
}

// EndAllSessions implements account.Directory.
func (s *Store) EndAllSessions(ctx context.Context, who token.Principal, id uuid.UUID, tokens bool, n *notice.Notice) error {
	return s.administer(ctx, who, func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockManaged(ctx, tx, id); err != nil {
			return err
		}
		b := &pgx.Batch{}
		// session_owner, refresh_token_user
		b.Queue(`UPDATE session SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL`, id)
		b.Queue(`UPDATE refresh_token SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`, id)
		if tokens {
			// access_token_user_id_idempotency_key_key, by its first column
			b.Queue(`UPDATE access_token SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`, id)
		}
		return queueNotices(ctx, tx, b, n)
	})
}

// AddAdminLink implements account.Directory.
func (s *Store) AddAdminLink(ctx context.Context, who token.Principal, l account.AdminLink) error {
	return s.administer(ctx, who, func(ctx context.Context, tx pgx.Tx) error {
		disabled, err := lockManaged(ctx, tx, l.User)
		if err != nil {
			return err
		}
		if disabled {
			return account.ErrLinkOfDisabled
		}
		b := &pgx.Batch{}
		b.Queue(`INSERT INTO password_reset (id, user_id, token_hash, expires_at) VALUES ($1, $2, $3, $4)`, l.ID, l.User, l.Hash[:], l.ExpiresAt)
		return queueNotices(ctx, tx, b, l.Notice)
	})
}

// lockManaged locks an account, as every change of one does.
func lockManaged(ctx context.Context, tx pgx.Tx, id uuid.UUID) (disabled bool, err error) {
	err = tx.QueryRow(ctx, `SELECT disabled_at IS NOT NULL FROM app_user WHERE id = $1 FOR NO KEY UPDATE`, id).Scan(&disabled)
	return disabled, known(err)
}

// queueNotices adds notices to a batch and sends it.
func queueNotices(ctx context.Context, tx pgx.Tx, b *pgx.Batch, all ...*notice.Notice) error {
	for _, n := range all {
		if err := queueNotice(ctx, b, n); err != nil {
			return err
		}
	}
	return tx.SendBatch(ctx, b).Close()
}
