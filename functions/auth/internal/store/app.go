package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/oauth"
	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/telemetry"
	"taskwire.dev/shared/token"
)

// appDevice is the device of an app's session. No User-Agent is described like this.
const appDevice = "app"

// AddClient implements oauth.Store.
func (s *Store) AddClient(ctx context.Context, c oauth.Client, now, expires time.Time) error {
	return s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// Here, so that registrations remove as much as they add. oauth_client_expiry
		const forget = `DELETE FROM oauth_client WHERE id IN (SELECT id FROM oauth_client WHERE expires_at < now() ORDER BY expires_at LIMIT 100)`
		if _, err := tx.Exec(ctx, forget); err != nil {
			return err
		}
		const add = `
INSERT INTO oauth_client (id, name, redirect_uris, created_at, expires_at)
SELECT $1, $2, $3, $4, $5 WHERE (SELECT count(*) FROM (SELECT FROM oauth_client LIMIT $6) AS known) < $6`
		tag, err := tx.Exec(ctx, add, c.ID, c.Name, c.Redirects, now, expires, oauth.MaxClients)
		if err == nil && tag.RowsAffected() == 0 {
			return &fault.Error{Code: fault.Unavailable, Detail: "too many apps have registered; try again later", RetryAfter: time.Hour}
		}
		return err
	})
}

// Client implements oauth.Store.
func (s *Store) Client(ctx context.Context, id uuid.UUID) (oauth.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	c := oauth.Client{ID: id.String()}
	conn, err := s.pool.Acquire(ctx, postgres.OfCaller(ctx))
	if err != nil {
		return c, err
	}
	defer conn.Release()
	// primary key of oauth_client
	err = conn.QueryRow(ctx, `SELECT name, redirect_uris FROM oauth_client WHERE id = $1 AND expires_at > now()`, id).Scan(&c.Name, &c.Redirects)
	if errors.Is(err, pgx.ErrNoRows) {
		return c, oauth.ErrClient
	}
	return c, postgres.Fault(err)
}

// AddGrant implements oauth.Store. The session expires with the code, unless that is exchanged.
func (s *Store) AddGrant(ctx context.Context, who token.Principal, g oauth.Grant) error {
	return s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, who); err != nil {
			return err
		}
		var open int
		// app_grant_owner, then the primary key of session
		const count = `SELECT count(*) FROM app_grant JOIN session USING (id) WHERE app_grant.user_id = $1 AND ended_at IS NULL AND expires_at > now()`
		if err := tx.QueryRow(ctx, count, who.UserID).Scan(&open); err != nil {
			return err
		}
		if open >= oauth.MaxApps {
			return fault.New(fault.Conflict, "you have already connected %d apps: disconnect one first", oauth.MaxApps)
		}
		b := &pgx.Batch{}
		useSession(b, g.ID, who.UserID, account.Place{Device: appDevice, Network: account.NetworkUnknown}, g.CreatedAt, g.CodeUntil, g.EndsAt)
		const add = `
INSERT INTO app_grant (id, user_id, client_id, name, host, redirect_uri, scopes, resource, code_hash, code_challenge, code_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`
		b.Queue(add, g.ID, who.UserID, g.ClientID, g.Name, g.Host, g.RedirectURI, g.Scopes, g.Resource, g.CodeHash[:], g.Challenge, g.CodeUntil)
		return tx.SendBatch(ctx, b).Close()
	})
}

// heldGrant is a grant and the state of its session.
type heldGrant struct {
	oauth.Grant
	open bool
}

// readGrant locks the user of a grant and reads it. By is id or code_hash.
func readGrant(ctx context.Context, tx pgx.Tx, owner, grant string, key any) (g heldGrant, err error) {
	var user uuid.UUID
	err = tx.QueryRow(ctx, owner, key).Scan(&user)
	if errors.Is(err, pgx.ErrNoRows) {
		return g, oauth.ErrGrant
	}
	if err != nil {
		return g, err
	}
	if _, err := lockUser(ctx, tx, user); err != nil {
		return g, err
	}
	err = tx.QueryRow(ctx, grant, key).Scan(&g.ID, &g.UserID, &g.ClientID, &g.Name, &g.Host, &g.RedirectURI, &g.Scopes, &g.Resource,
		&g.Challenge, &g.CodeUntil, &g.Redeemed, &g.Generation, &g.EndsAt, &g.open)
	if errors.Is(err, pgx.ErrNoRows) {
		err = oauth.ErrGrant
	}
	g.EndsAt = g.EndsAt.UTC()
	return g, err
}

const grantColumns = `
SELECT g.id, g.user_id, g.client_id, g.name, g.host, g.redirect_uri, g.scopes, g.resource, g.code_challenge, g.code_until,
  g.redeemed_at IS NOT NULL, g.generation, s.ends_at, s.ended_at IS NULL AND s.expires_at > now() AND s.ends_at > now()
FROM app_grant g JOIN session s USING (id)
`

// Redeem implements oauth.Store.
func (s *Store) Redeem(ctx context.Context, code [sha256.Size]byte, now time.Time, decide func(oauth.Grant) error,
	tell func(oauth.Grant) *notice.Notice,
) (oauth.Grant, error) {
	// app_grant_code_hash_key
	const owner, grant = `SELECT user_id FROM app_grant WHERE code_hash = $1`, grantColumns + `WHERE g.code_hash = $1`
	return s.decide(ctx, owner, grant, code[:], func(ctx context.Context, b *pgx.Batch, g *heldGrant) (end bool, err error) {
		if g.Redeemed { // even if the grant has ended
			return true, oauth.ErrReused
		}
		if !g.open || !now.Before(g.CodeUntil) {
			return false, oauth.ErrGrant
		}
		if err := decide(g.Grant); err != nil {
			return true, err
		}
		b.Queue(`UPDATE app_grant SET redeemed_at = $2 WHERE id = $1`, g.ID, now) // primary key
		useApp(b, g, now)
		// A client that is in use is remembered as long as its grant may last. primary key of oauth_client
		b.Queue(`UPDATE oauth_client SET expires_at = greatest(expires_at, $2) WHERE id::text = $1`, g.ClientID, g.EndsAt)
		return false, tell(g.Grant).Queue(ctx, b)
	})
}

// Refresh implements oauth.Store.
func (s *Store) Refresh(ctx context.Context, id uuid.UUID, now time.Time, decide func(oauth.Grant) error) (oauth.Grant, error) {
	// primary key of app_grant
	const owner, grant = `SELECT user_id FROM app_grant WHERE id = $1`, grantColumns + `WHERE g.id = $1`
	return s.decide(ctx, owner, grant, id, func(_ context.Context, b *pgx.Batch, g *heldGrant) (end bool, err error) {
		if !g.open {
			return false, oauth.ErrGrant
		}
		if err := decide(g.Grant); err != nil {
			return errors.Is(err, oauth.ErrReused), err
		}
		g.Generation++
		b.Queue(`UPDATE app_grant SET generation = $2 WHERE id = $1`, g.ID, g.Generation) // primary key
		useApp(b, g, now)
		return false, nil
	})
}

// decide runs a decision about a grant under its user's lock, and ends the grant if the decision says so.
func (s *Store) decide(ctx context.Context, owner, grant string, key any, decision func(context.Context, *pgx.Batch, *heldGrant) (bool, error)) (oauth.Grant, error) {
	var g heldGrant
	var refusal error
	err := s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) (err error) {
		refusal = nil
		if g, err = readGrant(ctx, tx, owner, grant, key); err != nil {
			return err
		}
		b := &pgx.Batch{}
		end, err := decision(ctx, b, &g)
		if err != nil && !end {
			return err
		}
		if end {
			refusal, b = err, &pgx.Batch{} // and commit the end
			endSession(b, g.ID, time.Now())
		}
		return tx.SendBatch(ctx, b).Close()
	})
	if err == nil && refusal != nil {
		telemetry.Audit(ctx, telemetry.AppTokenReused, slog.String("user", g.UserID.String()), slog.String("grant", g.ID.String()))
		err = refusal
	}
	return g.Grant, err
}

// useApp records that an app got tokens.
func useApp(b *pgx.Batch, g *heldGrant, now time.Time) {
	// primary key of session
	b.Queue(`UPDATE session SET used_at = $2, expires_at = $3 WHERE id = $1`, g.ID, now, earlier(now.Add(oauth.IdleEnd), g.EndsAt))
}

// Revoke implements oauth.Store.
func (s *Store) Revoke(ctx context.Context, id uuid.UUID, client string) error {
	return s.transact(ctx, postgres.OfCaller(ctx), func(ctx context.Context, tx pgx.Tx) error {
		// primary keys of app_grant and session
		const end = `UPDATE session SET ended_at = now() WHERE ended_at IS NULL AND id = (SELECT id FROM app_grant WHERE id = $1 AND client_id = $2)`
		_, err := tx.Exec(ctx, end, id, client)
		return err
	})
}

// Apps implements oauth.Store. Ids are UUIDv7, so their order is that of creation.
func (s *Store) Apps(ctx context.Context, user uuid.UUID, before *uuid.UUID, limit int) ([]oauth.App, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.Timeout)
	defer cancel()
	// app_grant_owner; a user has few
	const list = `
SELECT g.id, g.name, g.host, g.redirect_uri, g.scopes, s.created_at, s.used_at, s.ends_at FROM app_grant g JOIN session s USING (id)
WHERE g.user_id = $1 AND g.redeemed_at IS NOT NULL AND s.ended_at IS NULL AND s.expires_at > now() AND ($2::uuid IS NULL OR g.id < $2)
ORDER BY g.id DESC LIMIT $3`
	return postgres.Collect(ctx, s.pool, postgres.OfUser(user), scanApp, list, user, before, limit)
}

func scanApp(row pgx.CollectableRow) (a oauth.App, err error) {
	err = row.Scan(&a.ID, &a.Name, &a.Host, &a.ReturnsTo, &a.Scopes, &a.CreatedAt, &a.LastUsedAt, &a.EndsAt)
	for _, at := range []*time.Time{&a.CreatedAt, &a.LastUsedAt, &a.EndsAt} {
		*at = at.UTC()
	}
	return a, err
}

// Disconnect implements oauth.Store.
func (s *Store) Disconnect(ctx context.Context, who token.Principal, id uuid.UUID) error {
	return s.transact(ctx, postgres.OfUser(who.UserID), func(ctx context.Context, tx pgx.Tx) error {
		if _, err := lockOpen(ctx, tx, who); err != nil {
			return err
		}
		// primary keys of session and app_grant
		const end = `
UPDATE session SET ended_at = now() WHERE id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > now()
  AND EXISTS (SELECT FROM app_grant WHERE app_grant.id = session.id)`
		tag, err := tx.Exec(ctx, end, id, who.UserID)
		if err == nil && tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "there is no such app")
		}
		return err
	})
}
