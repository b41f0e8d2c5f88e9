package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/postgres"
)

// expired is how many expired rows each new one removes at most: so they do not pile up, and no request takes long for it.
const expired = 20

// AddPending implements account.FactorStore.
func (s *Store) AddPending(ctx context.Context, p account.Pending) error {
	return s.transact(ctx, postgres.OfUser(p.User.ID), func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		// pending_sign_in_expiry
		b.Queue(`DELETE FROM pending_sign_in WHERE token_hash IN (
  SELECT token_hash FROM pending_sign_in WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`, expired)
		b.Queue(`INSERT INTO pending_sign_in (token_hash, user_id, expires_at) VALUES ($1, $2, $3)`, p.Hash[:], p.User.ID, p.ExpiresAt)
		return tx.SendBatch(ctx, b).Close()
	})
}

var errNoPending = fault.New(fault.NotFound, "there is no such sign-in")

// PendingUser implements account.FactorStore.
func (s *Store) PendingUser(ctx context.Context, pending account.TokenHash) (u account.User, err error) {
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// primary keys of pending_sign_in and app_user
		const owner = `
SELECT ` + userColumns + ` FROM app_user
WHERE id = (SELECT user_id FROM pending_sign_in WHERE token_hash = $1 AND expires_at > now() AND tries < $2)`
		err := scanUser(tx.QueryRow(ctx, owner, pending[:], account.MaxTries), &u)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoPending
		}
		return err
	})
	return u, err
}

// AddChallenge implements account.FactorStore.
func (s *Store) AddChallenge(ctx context.Context, c account.Challenge) error {
	return s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		// passkey_challenge_expiry
		b.Queue(`DELETE FROM passkey_challenge WHERE challenge_hash IN (
  SELECT challenge_hash FROM passkey_challenge WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`, expired)
		const add = `INSERT INTO passkey_challenge (challenge_hash, purpose, user_id, bound_to, data, expires_at) VALUES ($1, $2, $3, $4, $5, $6)`
		b.Queue(add, c.Hash[:], c.Purpose, c.UserID, c.BoundTo, c.Data, c.ExpiresAt)
		return tx.SendBatch(ctx, b).Close()
	})
}

// TakeChallenge implements account.FactorStore.
func (s *Store) TakeChallenge(ctx context.Context, hash [32]byte) (c account.Challenge, err error) {
	c.Challenge = factor.Challenge{Hash: hash}
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// primary key of passkey_challenge
		const take = `
DELETE FROM passkey_challenge WHERE challenge_hash = $1 AND expires_at > now() RETURNING purpose, user_id, bound_to, data, expires_at`
		err := tx.QueryRow(ctx, take, hash[:]).Scan(&c.Purpose, &c.UserID, &c.BoundTo, &c.Data, &c.ExpiresAt)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such challenge")
		}
		return err
	})
	return c, err
}

// Prove implements account.FactorStore.
func (s *Store) Prove(ctx context.Context, p account.Proof) error {
	var refused error
	err := s.transact(ctx, postgres.OfUser(p.User.ID), func(ctx context.Context, tx pgx.Tx) error {
		// First the user, as every change of an account: two uses of a code or of a pending sign-in come one after the other.
		user, err := lockActive(ctx, tx, p.User.ID)
		if err != nil {
			return err
		}
		if p.Confirm != nil {
			if err := requireOpen(tx.QueryRow(ctx, sessionOpen, p.Confirm.SessionID, p.Confirm.UserID)); err != nil {
				return err
			}
		}
		tries, err := triesOf(ctx, tx, p)
		if err != nil {
			return err
		}
		held, err := readFactors(ctx, tx, user.ID)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		used, err := p.Check(user, held)
		if fault.Is(err, fault.RateLimited) {
			return err // nothing was tried
		}
		refused = err
		if err := queueNotice(ctx, b, used.Notice); err != nil {
			return err
		}
		if refused != nil {
			if err := countTry(ctx, b, p, tries); err != nil {
				return err
			}
			return tx.SendBatch(ctx, b).Close() // and commit
		}
		use(b, user, used)
		if p.Pending != nil {
			b.Queue(`DELETE FROM pending_sign_in WHERE token_hash = $1`, p.Pending[:])
		}
		if p.Confirm != nil {
			confirmSession(b, *p.Confirm, account.ByPasskey)
		}
		if p.Session != nil {
			if err := startSession(ctx, tx, b, *p.Session); err != nil {
				return err
			}
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil {
		err = refused
	}
	return err
}

// triesOf returns how many wrong tries the pending sign-in had, if there is one.
func triesOf(ctx context.Context, tx pgx.Tx, p account.Proof) (tries int, err error) {
	if p.Pending == nil {
		return 0, nil
	}
	// primary key of pending_sign_in
	const count = `SELECT tries FROM pending_sign_in WHERE token_hash = $1 AND user_id = $2 AND expires_at > now() AND tries < $3`
	err = tx.QueryRow(ctx, count, p.Pending[:], p.User.ID, account.MaxTries).Scan(&tries)
	if errors.Is(err, pgx.ErrNoRows) {
		err = errNoPending
	}
	return tries, err
}

// countTry counts a wrong try of a pending sign-in. The last one ends it.
func countTry(ctx context.Context, b *pgx.Batch, p account.Proof, tries int) error {
	if p.Pending == nil {
		return nil
	}
	if tries+1 < account.MaxTries {
		b.Queue(`UPDATE pending_sign_in SET tries = tries + 1 WHERE token_hash = $1`, p.Pending[:])
		return nil
	}
	b.Queue(`DELETE FROM pending_sign_in WHERE token_hash = $1`, p.Pending[:])
	return queueNotice(ctx, b, p.Exhausted)
}

// use records the use of a factor.
func use(b *pgx.Batch, user account.User, u account.Used) {
	if u.Passkey != nil {
		// primary key of passkey
		const used = `UPDATE passkey SET sign_count = $3, backed_up = $4, last_used_at = now() WHERE id = $1 AND user_id = $2`
		b.Queue(used, u.Passkey.ID, user.ID, u.Passkey.Credential.SignCount, u.Passkey.Credential.BackedUp)
	}
	if u.Step > 0 {
		b.Queue(`UPDATE totp SET last_step = $2, last_used_at = now() WHERE user_id = $1`, user.ID, u.Step)
	}
	if u.Code != nil {
		b.Queue(`DELETE FROM recovery_code WHERE user_id = $1 AND code_hash = $2`, user.ID, u.Code[:])
	}
}
