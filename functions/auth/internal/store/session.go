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
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
)

// AddSession implements account.Store.
func (s *Store) AddSession(ctx context.Context, n account.NewSession) error {
	return s.transact(ctx, postgres.OfUser(n.First.UserID), func(ctx context.Context, tx pgx.Tx) error {
		// Logins of one user run one at a time: two that count concurrently would both find room for the last session.
		if _, err := lockActive(ctx, tx, n.First.UserID); err != nil {
			return err
		}
		b := &pgx.Batch{}
		if err := startSession(ctx, tx, b, n); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// startSession adds a session of a user who is locked, and deletes the user's expired tokens.
func startSession(ctx context.Context, tx pgx.Tx, b *pgx.Batch, n account.NewSession) error {
	first := n.First
	alert, err := alertOf(ctx, tx, n)
	if err != nil {
		return err
	}
	// refresh_token_user
	b.Queue(`DELETE FROM refresh_token WHERE user_id = $1 AND expires_at < $2`, first.UserID, first.CreatedAt)
	// A valid session has one token that can be exchanged, created at its last exchange. refresh_token_user
	const excess = `(
  SELECT family_id FROM refresh_token WHERE user_id = $1 AND revoked_at IS NULL AND rotated_at IS NULL
  ORDER BY created_at DESC, id DESC OFFSET $2)`
	b.Queue(`UPDATE session SET ended_at = now() WHERE ended_at IS NULL AND id IN `+excess, first.UserID, account.MaxSessions-1)
	b.Queue(`UPDATE refresh_token SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL AND family_id IN `+excess, first.UserID, account.MaxSessions-1)
	addSession(b, n)
	return queueNotice(ctx, b, alert)
}

// alertOf returns the notice of a new session, nil if there is none to be sent.
func alertOf(ctx context.Context, tx pgx.Tx, n account.NewSession) (*notice.Notice, error) {
	if n.Alert == nil || !n.KnownNetwork {
		return n.Alert, nil
	}
	var seen bool
	// session_owner
	const sameDevice = `SELECT EXISTS (SELECT FROM session WHERE user_id = $1 AND device = $2)`
	if err := tx.QueryRow(ctx, sameDevice, n.First.UserID, n.Place.Device).Scan(&seen); err != nil || seen {
		return nil, err
	}
	return n.Alert, nil
}

func queueNotice(ctx context.Context, b *pgx.Batch, n *notice.Notice) error {
	if n == nil {
		return nil
	}
	return n.Queue(ctx, b)
}

func addSession(b *pgx.Batch, n account.NewSession) {
	t := n.First
	useSession(b, t.FamilyID, t.UserID, n.Place, t.CreatedAt, t.ExpiresAt, n.EndsAt())
	addRefreshToken(b, t)
}

// useSession records that a session was started or used. A session of a function that did not record sessions yet is added when
// it is used.
func useSession(b *pgx.Batch, id, user uuid.UUID, at account.Place, now, expires, ends time.Time) {
	const use = `
INSERT INTO session (id, user_id, device, network, created_at, used_at, expires_at, ends_at) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
ON CONFLICT (id) DO UPDATE SET device = EXCLUDED.device, network = EXCLUDED.network, used_at = EXCLUDED.used_at, expires_at = EXCLUDED.expires_at`
	b.Queue(use, id, user, at.Device, at.Network, now, expires, ends)
}

func addRefreshToken(b *pgx.Batch, t account.RefreshToken) {
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
		if held.ended || !x.Now.Before(held.endsAt) {
			return account.ErrSession
		}
		done.Seed, done.Used = x.Seed, false
		done.Session, done.EndsAt = held.FamilyID, held.endsAt
		x.ExpiresAt = earlier(x.ExpiresAt, held.endsAt)
		b := &pgx.Batch{}
		switch held.Exchange(x.Now, x.Key, held.next(x)) {
		case account.Rotate:
			useSession(b, held.FamilyID, held.UserID, x.Place, x.Now, x.ExpiresAt, held.endsAt)
			rotate(b, held.RefreshToken, x)
		case account.Repeat:
			done.Seed, done.Used = *held.successor, !held.fresh
		case account.Reissue:
			useSession(b, held.FamilyID, held.UserID, x.Place, x.Now, x.ExpiresAt, held.endsAt)
			reissue(b, held, x)
		case account.RevokeFamily:
			refused = true // and commit the revocation
			endSession(b, held.FamilyID, x.Now)
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
	addSuccessor(b, held, x)
	// A family that is used for months must not keep every token. refresh_token_family
	b.Queue(`DELETE FROM refresh_token WHERE family_id = $1 AND expires_at < $2`, held.FamilyID, x.Now)
}

// reissue replaces the successor of a token. The replaced one counts as exchanged, without a key: if it was not lost after all, its
// use ends the session, because two clients have asked with the same key.
func reissue(b *pgx.Batch, held heldToken, x account.Exchange) {
	// primary key of refresh_token, twice
	b.Queue(`UPDATE refresh_token SET rotated_at = $2, successor_id = $3 WHERE id = $1`, held.successor, x.Now, x.Seed)
	b.Queue(`UPDATE refresh_token SET successor_id = $2 WHERE id = $1`, held.ID, x.Seed)
	addSuccessor(b, held.RefreshToken, x)
}

func addSuccessor(b *pgx.Batch, held account.RefreshToken, x account.Exchange) {
	addRefreshToken(b, account.RefreshToken{
		ID: x.Seed, FamilyID: held.FamilyID, UserID: held.UserID, Hash: x.Next(x.Seed), CreatedAt: x.Now, ExpiresAt: x.ExpiresAt,
	})
}

// Logout implements account.Store.
func (s *Store) Logout(ctx context.Context, hash account.TokenHash, now time.Time) (ended bool, err error) {
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		ended = false // this may run again
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
		endSession(b, held.FamilyID, now)
		ended = !held.ended
		return tx.SendBatch(ctx, b).Close()
	})
	return ended && err == nil, err
}

func endSession(b *pgx.Batch, id uuid.UUID, now time.Time) {
	// By the database's clock, as the gateway asks what ended lately. primary key of session
	b.Queue(`UPDATE session SET ended_at = now() WHERE id = $1 AND ended_at IS NULL`, id)
	// refresh_token_family
	b.Queue(`UPDATE refresh_token SET revoked_at = $2 WHERE family_id = $1 AND revoked_at IS NULL`, id, now)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
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
	ended         bool      // its session
	endsAt        time.Time // likewise; from now on, if it is not recorded yet
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

// readRefreshToken returns ErrSession if the token is gone since it was found: it has expired.
func readRefreshToken(ctx context.Context, tx pgx.Tx, hash account.TokenHash) (heldToken, error) {
	// refresh_token_token_hash_key, then the primary keys
	const held = `
SELECT t.id, t.family_id, t.user_id, t.created_at, t.expires_at, t.rotated_at, coalesce(t.rotation_key, ''), t.revoked_at,
  t.successor_id, n.token_hash, n.id IS NOT NULL AND n.rotated_at IS NULL AND n.revoked_at IS NULL,
  s.ended_at IS NOT NULL, s.ends_at
FROM refresh_token t LEFT JOIN refresh_token n ON n.id = t.successor_id LEFT JOIN session s ON s.id = t.family_id
WHERE t.token_hash = $1`
	t := heldToken{RefreshToken: account.RefreshToken{Hash: hash}}
	var endsAt *time.Time
	err := tx.QueryRow(ctx, held, hash[:]).Scan(&t.ID, &t.FamilyID, &t.UserID, &t.CreatedAt, &t.ExpiresAt, &t.RotatedAt,
		&t.RotationKey, &t.RevokedAt, &t.successor, &t.successorHash, &t.fresh, &t.ended, &endsAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return t, account.ErrSession
	}
	if endsAt != nil {
		t.endsAt = endsAt.UTC()
	} else {
		t.endsAt = time.Now().UTC().Add(account.SessionEnd)
	}
	return t, err
}
