package migrations

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/user"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/fault"
	"taskwire.dev/shared/notice"
	"taskwire.dev/shared/password"
	"taskwire.dev/shared/telemetry"
)

// User is an account as an operator sees it.
type User struct {
	ID        uuid.UUID
	Email     string
	Name      string
	Role      string
	Disabled  *time.Time
	CreatedAt time.Time
	Sessions  int        // open ones
	LastUsed  *time.Time // a session
	Tokens    int        // valid personal access tokens

	Tasks, Bytes       int64  // kept
	MaxTasks, MaxBytes *int64 // set by the operator; nil: as configured
}

// maxUsers is the most accounts that Users returns.
const maxUsers = 200

// Users lists the accounts whose address or name contains text, or all, by address.
func Users(ctx context.Context, url, text string) (users []User, err error) {
	err = connected(ctx, url, func(conn *pgx.Conn) error {
		const list = `
SELECT u.id, u.email, u.name, u.role, u.disabled_at, u.created_at,
  (SELECT count(*) FROM session s WHERE s.user_id = u.id AND ended_at IS NULL AND expires_at > now()),
  (SELECT max(used_at) FROM session s WHERE s.user_id = u.id),
  (SELECT count(*) FROM access_token t WHERE t.user_id = u.id AND revoked_at IS NULL AND expires_at > now()),
  coalesce(k.tasks, 0), coalesce(k.bytes, 0), k.max_tasks, k.max_bytes
FROM app_user u LEFT JOIN user_stream k ON k.user_id = u.id WHERE position(lower($1) IN lower(u.email || ' ' || u.name)) > 0 ORDER BY u.email LIMIT $2`
		rows, err := conn.Query(ctx, list, text, maxUsers)
		if err != nil {
			return err
		}
		users, err = pgx.CollectRows(rows, pgx.RowToStructByPos[User])
		return err
	})
	return users, err
}

// SetPassword gives an account another password. All its sessions and reset links end, and its user is notified.
func SetPassword(ctx context.Context, url, email, secret string) error {
	return changeUser(ctx, url, email, "password set", func(ctx context.Context, tx pgx.Tx, u User) error {
		var fs fault.Fields
		password.Check(&fs, "/password", secret, u.Email, u.Name)
		if len(fs) > 0 {
			return fmt.Errorf("the password %s", fs[0].Detail)
		}
		b := &pgx.Batch{}
		b.Queue(`SELECT change_password($1, $2, false)`, u.ID, password.Hash(secret))
		if err := notify(ctx, b, u, notice.PasswordSetByOperator); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

// EndSessions ends all sessions of an account, and revokes its personal access tokens if tokens is set.
func EndSessions(ctx context.Context, url, email string, tokens bool) error {
	action, text := "sessions ended", notice.SessionsEndedByOperator
	if tokens {
		action, text = "sessions and tokens ended", notice.AccessEndedByOperator
	}
	return changeUser(ctx, url, email, action, func(ctx context.Context, tx pgx.Tx, u User) error {
		b := &pgx.Batch{}
		endSessions(b, u)
		if tokens {
			// access_token_user_id_idempotency_key_key, by its first column
			b.Queue(`UPDATE access_token SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`, u.ID)
		}
		if err := notify(ctx, b, u, text); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

func endSessions(b *pgx.Batch, u User) {
	// session_owner, refresh_token_user
	b.Queue(`UPDATE session SET ended_at = now() WHERE user_id = $1 AND ended_at IS NULL`, u.ID)
	b.Queue(`UPDATE refresh_token SET revoked_at = now() WHERE user_id = $1 AND revoked_at IS NULL`, u.ID)
}

// waysToSignIn are the tables with a user's ways to sign in, but for the password, and with what was begun with one of them.
var waysToSignIn = []string{"passkey", "totp", "recovery_code", "pending_sign_in", "passkey_challenge", "user_identity", "provider_visit"}

// ResetSignIn removes the second factors and the linked accounts of a user, so that only the password signs in, and it is enough. All
// sessions end, since they may have been started with what is removed, and the user is notified.
func ResetSignIn(ctx context.Context, url, email string) error {
	return changeUser(ctx, url, email, "sign-in reset", func(ctx context.Context, tx pgx.Tx, u User) error {
		b := &pgx.Batch{}
		endSessions(b, u)
		for _, table := range waysToSignIn { // by their indexes on user_id
			b.Queue(`DELETE FROM `+table+` WHERE user_id = $1`, u.ID)
		}
		if err := notify(ctx, b, u, notice.SignInResetByOperator); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	})
}

func notify(ctx context.Context, b *pgx.Batch, u User, text notice.Text, args ...string) error {
	id, err := uuid.NewV7()
	if err != nil {
		return err
	}
	return notice.New(id, u.ID, time.Now(), text, args...).Queue(ctx, b)
}

// errUnchanged ends a change of an account that is already as it should be.
var errUnchanged = errors.New("nothing has changed")

// changeUser calls change in a transaction that has locked the account, as the auth function does, and writes the action to the audit
// log when it is committed. attrs belong to the action.
func changeUser(ctx context.Context, url, email, action string, change func(context.Context, pgx.Tx, User) error, attrs ...slog.Attr) error {
	return connected(ctx, url, func(conn *pgx.Conn) error {
		var u User
		err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			// app_user_email_key
			row := tx.QueryRow(ctx, `SELECT id, email, name FROM app_user WHERE email = $1 FOR NO KEY UPDATE`, strings.ToLower(email))
			if err := row.Scan(&u.ID, &u.Email, &u.Name); errors.Is(err, pgx.ErrNoRows) {
				return fmt.Errorf("there is no account with the address %s", email)
			} else if err != nil {
				return err
			}
			return change(ctx, tx, u)
		})
		if errors.Is(err, errUnchanged) {
			return nil
		}
		if err == nil {
			audit(ctx, u.ID, action, attrs...)
		}
		return err
	})
}

// audit writes what the operator has done to an account to the audit log.
func audit(ctx context.Context, account uuid.UUID, action string, attrs ...slog.Attr) {
	all := append([]slog.Attr{slog.String("action", action), slog.String("account", account.String()), slog.String("by", operator())}, attrs...)
	telemetry.Audit(ctx, telemetry.AdminAction, all...)
}

// operator names who runs this program.
func operator() string {
	if u, err := user.Current(); err == nil {
		return "operator:" + u.Username
	}
	return "operator"
}

func connected(ctx context.Context, url string, work func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return work(conn)
}
