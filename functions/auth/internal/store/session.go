package store

import (
	"context"
	"crypto/subtle"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
)

// AddSession implements account.Store. It also deletes the user's expired tokens.
func (s *Store) AddSession(ctx context.Context, first account.RefreshToken) error {
	return s.transact(ctx, postgres.OfUser(first.UserID), func(ctx context.Context, tx pgx.Tx) error {
		// Logins of one user run one at a time: two that count concurrently would both find room for the last session.
		if _, err := lockUser(ctx, tx, first.UserID); err != nil {
			return err
		}
		b := &pgx.Batch{}
		// refresh_token_user
		b.Queue(`DELETE FROM refresh_token WHERE user_id = $1 AND expires_at < $2`, first.UserID, first.CreatedAt)
		// A valid session has one token that can be exchanged, created at its last exchange. refresh_token_user
		const makeRoom = `
UPDATE refresh_token SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND family_id IN (
  SELECT family_id FROM refresh_token WHERE user_id = $1 AND revoked_at IS NULL AND rotated_at IS NULL
  ORDER BY created_at DESC, id DESC OFFSET $3)`
		b.Queue(makeRoom, first.UserID, first.CreatedAt, account.MaxSessions-1)
		addSession(b, first)
		return tx.SendBatch(ctx, b).Close()
	})
}

func addSession(b *pgx.Batch, t account.RefreshToken) {
	const add = `INSERT INTO refresh_token (id, family_id, user_id, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`
	b.Queue(add, t.ID, t.FamilyID, t.UserID, t.Hash[:], t.CreatedAt, t.ExpiresAt)
}

// Exchange implements account.Store.
func (s *Store) Exchange(ctx context.Context, x account.Exchange) (account.Exchanged, error) {
	var done account.Exchanged
	refused := false
	err := s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		owner, err := ownerOf(ctx, tx, x.Hash)
		if errors.Is(err, pgx.ErrNoRows) {
			return account.ErrSession
		}
		if err != nil {
			return err
		}
		if done.User, err = lockUser(ctx, tx, owner); err != nil {
			return err
		}
		// Read only under the lock: this statement sees what the previous exchange has committed.
		held, err := readRefreshToken(ctx, tx, x.Hash)
		if err != nil {
			return err
		}
		done.Seed, done.Used = x.Seed, false
		b := &pgx.Batch{}
		switch held.Exchange(x.Now, x.Key, held.next(x)) {
		case account.Rotate:
			rotate(b, held.RefreshToken, x)
		case account.Repeat:
			done.Seed, done.Used = *held.successor, !held.fresh
		case account.Reissue:
			// The lost secret is invalid from now on. primary key of refresh_token
			next := x.Next(x.Seed)
			b.Queue(`UPDATE refresh_token SET token_hash = $2, expires_at = $3 WHERE id = $1`, held.successor, next[:], x.ExpiresAt)
		case account.RevokeFamily:
			refused = true // and commit the revocation
			revokeFamily(b, held.FamilyID, x.Now)
		default:
			return account.ErrSession
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil && refused {
		telemetry.Audit(ctx, telemetry.RefreshTokenReused, slog.String("user", done.User.ID.String()))
		err = account.ErrSession
	}
	return done, err
}

func rotate(b *pgx.Batch, held account.RefreshToken, x account.Exchange) {
	// primary key of refresh_token
	const exchanged = `UPDATE refresh_token SET rotated_at = $2, rotation_key = nullif($3, ''), successor_id = $4 WHERE id = $1`
	b.Queue(exchanged, held.ID, x.Now, x.Key, x.Seed)
	addSession(b, account.RefreshToken{
		ID: x.Seed, FamilyID: held.FamilyID, UserID: held.UserID, Hash: x.Next(x.Seed), CreatedAt: x.Now, ExpiresAt: x.ExpiresAt,
	})
	// A family that is used for months must not keep every token. refresh_token_family
	b.Queue(`DELETE FROM refresh_token WHERE family_id = $1 AND expires_at < $2`, held.FamilyID, x.Now)
}

// EndSession implements account.Store.
func (s *Store) EndSession(ctx context.Context, hash account.TokenHash, now time.Time) error {
	return s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		owner, err := ownerOf(ctx, tx, hash)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := lockUser(ctx, tx, owner); err != nil {
			return err
		}
		held, err := readRefreshToken(ctx, tx, hash)
		if errors.Is(err, account.ErrSession) {
			return nil
		}
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		revokeFamily(b, held.FamilyID, now)
		return tx.SendBatch(ctx, b).Close()
	})
}

func revokeFamily(b *pgx.Batch, family uuid.UUID, now time.Time) {
	// refresh_token_family
	b.Queue(`UPDATE refresh_token SET revoked_at = $2 WHERE family_id = $1 AND revoked_at IS NULL`, family, now)
}

func ownerOf(ctx context.Context, tx pgx.Tx, hash account.TokenHash) (owner uuid.UUID, err error) {
	// refresh_token_token_hash_key
	err = tx.QueryRow(ctx, `SELECT user_id FROM refresh_token WHERE token_hash = $1`, hash[:]).Scan(&owner)
	return owner, err
}

// heldToken is a refresh token and the state of its successor.
type heldToken struct {
	account.RefreshToken
	successor     *uuid.UUID
	successorHash []byte
	fresh         bool
}

// next returns what an exchange must know of the successor.
func (t heldToken) next(x account.Exchange) account.Successor {
	next := account.Successor{Fresh: t.fresh}
	if x.SameBrowser && t.successor != nil {
		want := x.Next(*t.successor)
		next.Same = subtle.ConstantTimeCompare(want[:], t.successorHash) == 1
	}
	return next
}

// readRefreshToken returns ErrSession if the token is gone since it was found: its secret was reissued.
func readRefreshToken(ctx context.Context, tx pgx.Tx, hash account.TokenHash) (heldToken, error) {
	// refresh_token_token_hash_key, then the primary key
	const held = `
SELECT t.id, t.family_id, t.user_id, t.created_at, t.expires_at, t.rotated_at, coalesce(t.rotation_key, ''), t.revoked_at,
  t.successor_id, n.token_hash, n.id IS NOT NULL AND n.rotated_at IS NULL AND n.revoked_at IS NULL
FROM refresh_token t LEFT JOIN refresh_token n ON n.id = t.successor_id
WHERE t.token_hash = $1`
	t := heldToken{RefreshToken: account.RefreshToken{Hash: hash}}
	err := tx.QueryRow(ctx, held, hash[:]).Scan(&t.ID, &t.FamilyID, &t.UserID, &t.CreatedAt, &t.ExpiresAt, &t.RotatedAt,
		&t.RotationKey, &t.RevokedAt, &t.successor, &t.successorHash, &t.fresh)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, account.ErrSession
	}
	return t, err
}
