package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/idempotency"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

const tokenColumns = `id, name, scopes, created_at, expires_at, last_used_at`

func scanToken(row pgx.CollectableRow) (account.Token, error) {
	var t account.Token
	err := row.Scan(&t.ID, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt)
	t.CreatedAt, t.ExpiresAt = t.CreatedAt.UTC(), t.ExpiresAt.UTC()
	if t.LastUsedAt != nil {
		used := t.LastUsedAt.UTC()
		t.LastUsedAt = &used
	}
	return t, err
}

// AddToken implements account.Store.
func (s *Store) AddToken(ctx context.Context, who token.Principal, t account.Token, key idempotency.Key,
	n *notice.Notice,
) (account.Token, account.User, error) {
	out, user := t, who.UserID
	var owner account.User
	err := s.transact(ctx, postgres.OfUser(user), func(ctx context.Context, tx pgx.Tx) (err error) {
		if owner, err = lockOpen(ctx, tx, who); err != nil {
			return err
		}
		if key.Name != "" {
			first, found, err := firstToken(ctx, tx, user, key)
			if err != nil || found {
				out = first
				return err
			}
		}
		var live int
		// access_token_user_id_idempotency_key_key, by its first column
		const count = `SELECT count(*) FROM access_token WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now()`
		if err := tx.QueryRow(ctx, count, user).Scan(&live); err != nil {
			return err
		}
		if live >= account.MaxTokens {
			return fault.New(fault.Conflict, "you already have %d personal access tokens: revoke one first", account.MaxTokens)
		}
		var requestHash []byte
		if key.Name != "" {
			requestHash = key.Hash[:]
		}
		const add = `
INSERT INTO access_token (id, user_id, name, scopes, created_at, expires_at, idempotency_key, request_hash)
VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''), $8)`
		b := &pgx.Batch{}
		if key.Name != "" {
			// access_token_user_id_idempotency_key_key
			const free = `
UPDATE access_token SET idempotency_key = NULL WHERE user_id = $1 AND idempotency_key = $2 AND created_at <= now() - interval '1 day'`
			b.Queue(free, user, key.Name)
		}
		b.Queue(add, t.ID, user, t.Name, t.Scopes, t.CreatedAt, t.ExpiresAt, key.Name, requestHash)
		if err := queueNotice(ctx, b, n); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return out, owner, err
}

// firstToken returns the token that was created with the key in the last day. It is a Conflict if that was revoked.
func firstToken(ctx context.Context, tx pgx.Tx, user uuid.UUID, key idempotency.Key) (account.Token, bool, error) {
	// access_token_user_id_idempotency_key_key
	const first = `
SELECT request_hash, revoked_at IS NOT NULL, ` + tokenColumns + ` FROM access_token
WHERE user_id = $1 AND idempotency_key = $2 AND created_at > now() - interval '1 day'`
	var t account.Token
	var hash []byte
	var revoked bool
	err := tx.QueryRow(ctx, first, user, key.Name).Scan(&hash, &revoked, &t.ID, &t.Name, &t.Scopes, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, err
	}
	t.CreatedAt, t.ExpiresAt = t.CreatedAt.UTC(), t.ExpiresAt.UTC()
	if err = key.Check(hash); err == nil && revoked {
		err = fault.New(fault.Conflict, "the token that was created with this Idempotency-Key has been revoked; use another key")
	}
	return t, true, err
}

// Tokens implements account.Store. Ids are UUIDv7, so their order is that of creation.
func (s *Store) Tokens(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]account.Token, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// access_token_user_id_idempotency_key_key, by its first column; a user has few
	const list = `
SELECT ` + tokenColumns + ` FROM access_token
WHERE user_id = $1 AND revoked_at IS NULL AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`
	return postgres.Collect(ctx, s.pool, postgres.OfUser(user), scanToken, list, user, before, limit)
}

// RevokeToken implements account.Store.
func (s *Store) RevokeToken(ctx context.Context, user, id uuid.UUID, now time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// primary key of access_token
	const revoke = `UPDATE access_token SET revoked_at = $3 WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL`
	conn, err := s.pool.Acquire(ctx, postgres.OfUser(user))
	if err != nil {
		return err
	}
	defer conn.Release()
	tag, err := conn.Exec(ctx, revoke, id, user, now)
	if err == nil && tag.RowsAffected() == 0 {
		return fault.New(fault.NotFound, "there is no such token")
	}
	return postgres.Fault(err)
}
