package store

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// User implements account.FactorStore.
func (s *Store) User(ctx context.Context, id uuid.UUID) (u account.User, err error) {
	err = s.transact(ctx, postgres.OfUser(id), func(ctx context.Context, tx pgx.Tx) error {
		// primary key of app_user
		err := scanUser(tx.QueryRow(ctx, `SELECT `+userColumns+` FROM app_user WHERE id = $1`, id), &u)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such user")
		}
		return err
	})
	return u, err
}

// Factors implements account.FactorStore.
func (s *Store) Factors(ctx context.Context, user uuid.UUID) (held account.Factors, err error) {
	err = s.transact(ctx, postgres.OfUser(user), func(ctx context.Context, tx pgx.Tx) error {
		held, err = readFactors(ctx, tx, user)
		return err
	})
	return held, err
}

const passkeyColumns = `id, name, created_at, last_used_at, credential_id, public_key, aaguid, transports, backup_eligible, backed_up, sign_count`

func scanPasskey(row pgx.CollectableRow) (p account.Passkey, err error) {
	c := &p.Credential
	err = row.Scan(&p.ID, &p.Name, &p.CreatedAt, &p.LastUsedAt, &c.ID, &c.PublicKey, &c.AAGUID, &c.Transports, &c.BackupEligible, &c.BackedUp, &c.SignCount)
	p.CreatedAt, p.LastUsedAt, p.Synced = p.CreatedAt.UTC(), inUTC(p.LastUsedAt), c.BackedUp
	return p, err
}

func inUTC(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	utc := t.UTC()
	return &utc
}

func readFactors(ctx context.Context, tx pgx.Tx, user uuid.UUID) (held account.Factors, err error) {
	held.Passkeys = []account.Passkey{}
	b := &pgx.Batch{}
	// passkey_owner; a user has few
	b.Queue(`SELECT `+passkeyColumns+` FROM passkey WHERE user_id = $1 ORDER BY id`, user).Query(func(rows pgx.Rows) (err error) {
		held.Passkeys, err = pgx.CollectRows(rows, scanPasskey)
		return err
	})
	// primary key of totp
	const app = `SELECT secret, last_step, created_at, last_used_at FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL`
	b.Queue(app, user).QueryRow(func(row pgx.Row) error {
		var a account.App
		err := row.Scan(&a.Sealed, &a.LastStep, &a.CreatedAt, &a.LastUsedAt)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		a.CreatedAt, a.LastUsedAt = a.CreatedAt.UTC(), inUTC(a.LastUsedAt)
		held.TOTP = &a
		return err
	})
	// primary key of recovery_code, by its first column
	b.Queue(`SELECT code_hash FROM recovery_code WHERE user_id = $1`, user).Query(func(rows pgx.Rows) error {
		codes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		for _, c := range codes {
			held.RecoveryCodes = append(held.RecoveryCodes, factor.CodeHash(c))
		}
		return err
	})
	err = tx.SendBatch(ctx, b).Close()
	held.CodesLeft = len(held.RecoveryCodes)
	return held, err
}

// AddPasskey implements account.FactorStore.
func (s *Store) AddPasskey(ctx context.Context, who token.Principal, p account.Passkey, codes []factor.CodeHash, n *notice.Notice) (first bool, err error) {
	err = s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		held, err := readFactors(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		if len(held.Passkeys) >= account.MaxPasskeys {
			return fault.New(fault.Conflict, "you already have %d passkeys: remove one first", account.MaxPasskeys)
		}
		const add = `
INSERT INTO passkey (user_id, id, name, created_at, credential_id, public_key, aaguid, transports, backup_eligible, backed_up, sign_count)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
		c := p.Credential
		b.Queue(add, who.UserID, p.ID, p.Name, p.CreatedAt, c.ID, c.PublicKey, c.AAGUID, c.Transports, c.BackupEligible, c.BackedUp, c.SignCount)
		if first = !held.Any(); first {
			setRecoveryCodes(b, who.UserID, codes)
		}
		return queueNotice(ctx, b, n)
	})
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation && pg.ConstraintName == "passkey_credential_id_key" {
		err = fault.Wrap(fault.Conflict, err, "this passkey is already in use")
	}
	return first, err
}

// setRecoveryCodes replaces the recovery codes of a user.
func setRecoveryCodes(b *pgx.Batch, user uuid.UUID, codes []factor.CodeHash) {
	// primary key of recovery_code, by its first column
	b.Queue(`DELETE FROM recovery_code WHERE user_id = $1`, user)
	for _, c := range codes {
		b.Queue(`INSERT INTO recovery_code (user_id, code_hash, created_at) VALUES ($1, $2, now())`, user, c[:])
	}
}

var errNoPasskey = fault.New(fault.NotFound, "there is no such passkey")

// RenamePasskey implements account.FactorStore.
func (s *Store) RenamePasskey(ctx context.Context, who token.Principal, id uuid.UUID, name string) (p account.Passkey, err error) {
	err = s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, _ *pgx.Batch) error {
		// primary key of passkey
		rows, err := tx.Query(ctx, `UPDATE passkey SET name = $3 WHERE id = $1 AND user_id = $2 RETURNING `+passkeyColumns, id, who.UserID, name)
		if err != nil {
			return err
		}
		p, err = pgx.CollectExactlyOneRow(rows, scanPasskey)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNoPasskey
		}
		return err
	})
	return p, err
}

// SetUpTOTP implements account.FactorStore.
func (s *Store) SetUpTOTP(ctx context.Context, who token.Principal, sealed []byte, now time.Time) error {
	return s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, _ *pgx.Batch) error {
		const set = `
INSERT INTO totp (user_id, secret, last_step, created_at) VALUES ($1, $2, 0, $3)
ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = EXCLUDED.created_at WHERE totp.confirmed_at IS NULL`
		tag, err := tx.Exec(ctx, set, who.UserID, sealed, now)
		if err == nil && tag.RowsAffected() == 0 {
			err = fault.New(fault.Conflict, "you already have an authenticator app: remove it first")
		}
		return err
	})
}

// ConfirmTOTP implements account.FactorStore.
func (s *Store) ConfirmTOTP(ctx context.Context, who token.Principal, step func([]byte) (int64, error), codes []factor.CodeHash, n *notice.Notice) (first bool, err error) {
	err = s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		var sealed []byte
		// primary key of totp
		err := tx.QueryRow(ctx, `SELECT secret FROM totp WHERE user_id = $1 AND confirmed_at IS NULL`, who.UserID).Scan(&sealed)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "no authenticator app is being set up")
		}
		if err != nil {
			return err
		}
		used, err := step(sealed)
		if err != nil {
			return err
		}
		held, err := readFactors(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		b.Queue(`UPDATE totp SET confirmed_at = now(), last_step = $2 WHERE user_id = $1`, who.UserID, used)
		if first = !held.Any(); first {
			setRecoveryCodes(b, who.UserID, codes)
		}
		return queueNotice(ctx, b, n)
	})
	return first, err
}

// RemoveFactor implements account.FactorStore.
func (s *Store) RemoveFactor(ctx context.Context, who token.Principal, passkey *uuid.UUID, last bool, n *notice.Notice) error {
	return s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		var removed int64
		if passkey != nil {
			// primary key of passkey
			tag, err := tx.Exec(ctx, `DELETE FROM passkey WHERE id = $1 AND user_id = $2`, passkey, who.UserID)
			if err != nil {
				return err
			}
			removed = tag.RowsAffected()
		} else {
			// primary key of totp
			tag, err := tx.Exec(ctx, `DELETE FROM totp WHERE user_id = $1 AND confirmed_at IS NOT NULL`, who.UserID)
			if err != nil {
				return err
			}
			removed = tag.RowsAffected()
		}
		if removed == 0 {
			return fault.New(fault.NotFound, "there is no such factor")
		}
		held, err := readFactors(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		ways, err := readWays(ctx, tx, who.UserID)
		switch {
		case err != nil:
			return err
		case ways.Count(held) == 0:
			return account.ErrLastWay
		}
		if !held.Any() {
			if !last {
				return account.ErrConfirm
			}
			setRecoveryCodes(b, who.UserID, nil)
		}
		return queueNotice(ctx, b, n)
	})
}

// ReplaceRecoveryCodes implements account.FactorStore.
func (s *Store) ReplaceRecoveryCodes(ctx context.Context, who token.Principal, codes []factor.CodeHash, n *notice.Notice) error {
	return s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		held, err := readFactors(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		if !held.Any() {
			return fault.New(fault.Conflict, "recovery codes are for accounts with a passkey or an authenticator app: add one first")
		}
		setRecoveryCodes(b, who.UserID, codes)
		return queueNotice(ctx, b, n)
	})
}
