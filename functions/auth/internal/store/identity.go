package store

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/token"
)

// AddVisit implements account.IdentityStore.
func (s *Store) AddVisit(ctx context.Context, v account.Visit) error {
	return s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		b := &pgx.Batch{}
		// provider_visit_expiry
		b.Queue(`DELETE FROM provider_visit WHERE state_hash IN (
  SELECT state_hash FROM provider_visit WHERE expires_at < now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)`, expired)
		const add = `
INSERT INTO provider_visit (state_hash, browser_hash, provider, purpose, user_id, session_id, started_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`
		b.Queue(add, v.State[:], v.Browser[:], v.Provider, v.Purpose, v.UserID, v.SessionID, v.StartedAt, v.ExpiresAt())
		return tx.SendBatch(ctx, b).Close()
	})
}

// TakeVisit implements account.IdentityStore.
func (s *Store) TakeVisit(ctx context.Context, state, browser account.TokenHash) (v account.Visit, err error) {
	v.State, v.Browser = state, browser
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// primary key of provider_visit
		const take = `
DELETE FROM provider_visit WHERE state_hash = $1 AND browser_hash = $2 AND expires_at > now()
RETURNING provider, purpose, user_id, session_id, started_at`
		err := tx.QueryRow(ctx, take, state[:], browser[:]).Scan(&v.Provider, &v.Purpose, &v.UserID, &v.SessionID, &v.StartedAt)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such visit")
		}
		return err
	})
	return v, err
}

// UseIdentity implements account.IdentityStore.
func (s *Store) UseIdentity(ctx context.Context, i account.Identity) (u account.User, err error) {
	err = s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		var owner uuid.UUID
		// user_identity_issuer_subject_key
		const use = `UPDATE user_identity SET email = $3, last_used_at = now() WHERE issuer = $1 AND subject = $2 RETURNING user_id`
		err := tx.QueryRow(ctx, use, i.Issuer, i.Subject, i.Email).Scan(&owner)
		if errors.Is(err, pgx.ErrNoRows) {
			return fault.New(fault.NotFound, "there is no such identity")
		}
		if err != nil {
			return err
		}
		// primary key of app_user
		return scanUser(tx.QueryRow(ctx, `SELECT `+userColumns+` FROM app_user WHERE id = $1`, owner), &u)
	})
	return u, err
}

const identityColumns = `id, provider, issuer, subject, email, linked_at, last_used_at`

func scanIdentity(row pgx.CollectableRow) (i account.Identity, err error) {
	err = row.Scan(&i.ID, &i.Provider, &i.Issuer, &i.Subject, &i.Email, &i.LinkedAt, &i.LastUsedAt)
	i.LinkedAt, i.LastUsedAt = i.LinkedAt.UTC(), inUTC(i.LastUsedAt)
	return i, err
}

// Ways implements account.IdentityStore.
func (s *Store) Ways(ctx context.Context, user uuid.UUID) (w account.Ways, err error) {
	err = s.transact(ctx, postgres.OfUser(user), func(ctx context.Context, tx pgx.Tx) error {
		w, err = readWays(ctx, tx, user)
		return err
	})
	return w, err
}

func readWays(ctx context.Context, tx pgx.Tx, user uuid.UUID) (w account.Ways, err error) {
	b := &pgx.Batch{}
	// primary key of app_user
	b.Queue(`SELECT password_hash <> '' FROM app_user WHERE id = $1`, user).QueryRow(func(row pgx.Row) error {
		return gone(row.Scan(&w.Password))
	})
	// user_identity_owner; a user has few
	b.Queue(`SELECT `+identityColumns+` FROM user_identity WHERE user_id = $1 ORDER BY id`, user).Query(func(rows pgx.Rows) (err error) {
		w.Identities, err = pgx.CollectRows(rows, scanIdentity)
		return err
	})
	return w, tx.SendBatch(ctx, b).Close()
}

// AddIdentity implements account.IdentityStore.
func (s *Store) AddIdentity(ctx context.Context, who token.Principal, i account.Identity, n *notice.Notice) error {
	err := s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		ways, err := readWays(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		if len(ways.Identities) >= account.MaxIdentities {
			return fault.New(fault.Conflict, "you already have %d linked accounts: remove one first", account.MaxIdentities)
		}
		if slices.ContainsFunc(ways.Identities, func(held account.Identity) bool { return held.Issuer == i.Issuer && held.Subject == i.Subject }) {
			return fault.New(fault.Conflict, "this account at %s is already linked to yours", i.Name)
		}
		addIdentity(b, who.UserID, i)
		return queueNotice(ctx, b, n)
	})
	return takenIdentity(err, i.Name)
}

func addIdentity(b *pgx.Batch, user uuid.UUID, i account.Identity) {
	const add = `
INSERT INTO user_identity (user_id, id, provider, issuer, subject, email, linked_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`
	b.Queue(add, user, i.ID, i.Provider, i.Issuer, i.Subject, i.Email, i.LinkedAt)
}

// takenIdentity returns the fault for an identity of another user.
func takenIdentity(err error, provider string) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation && pg.ConstraintName == "user_identity_issuer_subject_key" {
		err = fault.Wrap(fault.Conflict, err, "this account at "+provider+" is linked to another account here")
	}
	return err
}

// RemoveIdentity implements account.IdentityStore.
func (s *Store) RemoveIdentity(ctx context.Context, who token.Principal, id uuid.UUID, notify func(account.Identity) *notice.Notice) (i account.Identity, err error) {
	err = s.changeOpen(ctx, who, func(ctx context.Context, tx pgx.Tx, b *pgx.Batch) error {
		ways, err := readWays(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(ways.Identities, func(held account.Identity) bool { return held.ID == id })
		if at < 0 {
			return fault.New(fault.NotFound, "there is no such linked account")
		}
		i = ways.Identities[at]
		held, err := readFactors(ctx, tx, who.UserID)
		if err != nil {
			return err
		}
		if ways.Count(held) == 1 {
			return account.ErrLastWay
		}
		b.Queue(`DELETE FROM user_identity WHERE id = $1 AND user_id = $2`, id, who.UserID)
		return queueNotice(ctx, b, notify(i))
	})
	return i, err
}
