package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// sessionOpen asks whether a session of a user is open. primary key of session
const sessionOpen = `SELECT EXISTS (SELECT FROM session WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND ends_at > now())`

// notApp leaves out the sessions of connected apps, which have their own list. primary key of app_grant
const notApp = `NOT EXISTS (SELECT FROM app_grant WHERE app_grant.id = session.id)`

func requireOpen(row pgx.Row) error {
	var open bool
	if err := row.Scan(&open); err != nil {
		return err
	}
	if !open {
		return account.ErrSession
	}
	return nil
}

// lockOpen locks the user of an access token, whose session must be open: until the end of the transaction it cannot end.
func lockOpen(ctx context.Context, tx pgx.Tx, who token.Principal) (account.User, error) {
	user, err := lockUser(ctx, tx, who.UserID)
	if err != nil {
		return user, err
	}
	return user, requireOpen(tx.QueryRow(ctx, sessionOpen, who.SessionID, who.UserID))
}

// Sessions implements account.Store. Ids are UUIDv7, so their order is that of creation.
func (s *Store) Sessions(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]account.OpenSession, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// session_owner; a user has few
	const list = `
SELECT id, device, network, created_at, used_at, expires_at, ends_at FROM session
WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() AND ($2::uuid IS NULL OR id < $2) AND ` + notApp + ` ORDER BY id DESC LIMIT $3`
	return postgres.Collect(ctx, s.pool, postgres.OfUser(user), scanSession, list, user, before, limit)
}

func scanSession(row pgx.CollectableRow) (o account.OpenSession, err error) {
	err = row.Scan(&o.ID, &o.Device, &o.Network, &o.CreatedAt, &o.LastUsedAt, &o.ExpiresAt, &o.EndsAt)
	for _, at := range []*time.Time{&o.CreatedAt, &o.LastUsedAt, &o.ExpiresAt, &o.EndsAt} {
		*at = at.UTC()
	}
	return o, err
}

// Freshness implements account.Store.
func (s *Store) Freshness(ctx context.Context, who token.Principal) (account.Freshness, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key of session
	const fresh = `
SELECT created_at, confirmed_at, coalesce(confirmed_by, '') FROM session
WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND ends_at > now()`
	found, err := postgres.Collect(ctx, s.pool, postgres.OfUser(who.UserID), pgx.RowToStructByPos[account.Freshness], fresh, who.SessionID, who.UserID)
	if err == nil && len(found) == 0 {
		err = account.ErrSession
	}
	if err != nil {
		return account.Freshness{}, err
	}
	return found[0], nil
}

// ConfirmSession implements account.Store.
func (s *Store) ConfirmSession(ctx context.Context, who token.Principal, by string) error {
	return s.changeOpen(ctx, who, func(_ context.Context, _ pgx.Tx, b *pgx.Batch) error {
		confirmSession(b, who, by)
		return nil
	})
}

func confirmSession(b *pgx.Batch, who token.Principal, by string) {
	// primary key of session
	b.Queue(`UPDATE session SET confirmed_at = now(), confirmed_by = $3 WHERE id = $1 AND user_id = $2`, who.SessionID, who.UserID, by)
}

// changeOpen runs change in a transaction that has locked the user of who, whose session must be open, and then what it has queued.
func (s *Store) changeOpen(ctx context.Context, who token.Principal, change func(context.Context, pgx.Tx, *pgx.Batch) error) error {
	return s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, who); err != nil {
			return err
		}
		b := &pgx.Batch{}
		if err := change(ctx, tx, b); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// EndSessions implements account.Store.
func (s *Store) EndSessions(ctx context.Context, who token.Principal, end func(uuid.UUID) bool) (n int, err error) {
	err = s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, who); err != nil {
			return err
		}
		// session_owner
		rows, err := tx.Query(ctx, `SELECT id FROM session WHERE user_id = $1 AND ended_at IS NULL AND expires_at > now() AND `+notApp, who.UserID)
		if err != nil {
			return err
		}
		open, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		if err != nil {
			return err
		}
		n = 0
		b := &pgx.Batch{}
		for _, id := range open {
			if end(id) {
				n++
				endSession(b, id, time.Now())
			}
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return n, err
}

// ChangePassword implements account.Store.
func (s *Store) ChangePassword(ctx context.Context, who token.Principal, c account.PasswordChange) error {
	return s.changeOpen(ctx, who, func(ctx context.Context, _ pgx.Tx, b *pgx.Batch) error {
		b.Queue(changePassword, who.UserID, c.Hash, c.RevokeTokens)
		addSession(b, c.Session)
		return queueNotice(ctx, b, c.Notice)
	})
}

// changePassword ends all sessions and reset links of the user, too.
const changePassword = `SELECT change_password($1, $2, $3)`
