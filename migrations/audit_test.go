package migrations_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
	"taskwire.dev/migrations/pgtest"
)

// Whatever an operator does to an account is in the audit log once, with who did it; what was refused or changed nothing is not.
func TestOperatorsCommands_AreAudited(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	db := pgtest.New(t)
	conn, err := pgx.Connect(t.Context(), db.Owner)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	ada := uuid.New()
	const email = "ada@example.com"
	for _, insert := range []string{
		`INSERT INTO app_user (id, email, name, password_hash, created_at) VALUES ($1, 'ada@example.com', 'Ada', 'x', now())`,
		`INSERT INTO user_stream (user_id) VALUES ($1)`,
	} {
		if _, err := conn.Exec(t.Context(), insert, ada); err != nil {
			t.Fatal(err)
		}
	}
	for _, command := range []struct {
		want string // the action, with attributes; "" is no line
		run  func(ctx context.Context, url string) error
	}{
		{"password set", func(ctx context.Context, url string) error {
			return migrations.SetPassword(ctx, url, email, "unrelated violet submarine")
		}},
		{"sessions ended", func(ctx context.Context, url string) error { return migrations.EndSessions(ctx, url, email, false) }},
		{"sessions and tokens ended", func(ctx context.Context, url string) error { return migrations.EndSessions(ctx, url, email, true) }},
		{"sign-in reset", func(ctx context.Context, url string) error { return migrations.ResetSignIn(ctx, url, email) }},
		{"role admin", func(ctx context.Context, url string) error { return migrations.SetRole(ctx, url, email, "admin") }},
		{"", func(ctx context.Context, url string) error { return migrations.SetRole(ctx, url, email, "admin") }},
		{"user disabled", func(ctx context.Context, url string) error { return migrations.SetDisabled(ctx, url, email, true) }},
		{"", func(ctx context.Context, url string) error { return migrations.SetDisabled(ctx, url, email, true) }},
		{"user enabled", func(ctx context.Context, url string) error { return migrations.SetDisabled(ctx, url, email, false) }},
		{"quota max_bytes:7", func(ctx context.Context, url string) error {
			return migrations.SetQuota(ctx, url, email, migrations.Unchanged, 7)
		}},
		{"data exported", func(ctx context.Context, url string) error { return migrations.Export(ctx, url, email, "", io.Discard) }},
		{"deletion requested", func(ctx context.Context, url string) error { return migrations.DeleteUser(ctx, url, email, false) }},
		{"deletion requested now", func(ctx context.Context, url string) error { return migrations.DeleteUser(ctx, url, email, true) }},
		{"deletion canceled", func(ctx context.Context, url string) error { return migrations.KeepUser(ctx, url, email) }},
	} {
		log.Reset()
		if err := command.run(t.Context(), db.Owner); err != nil {
			t.Fatalf("%s: %v", command.want, err)
		}
		if got := audited(t, log.Bytes(), ada); got != command.want {
			t.Errorf("audited %q, want %q", got, command.want)
		}
	}
	log.Reset()
	if err := migrations.KeepUser(t.Context(), db.Owner, email); err == nil || audited(t, log.Bytes(), ada) != "" {
		t.Errorf("a refused command: %v, audited %q", err, audited(t, log.Bytes(), ada))
	}
}

// audited returns the action of the audit lines about an account, with the attributes that only some have.
func audited(t *testing.T, log []byte, account uuid.UUID) string {
	t.Helper()
	var all []string
	for line := range bytes.Lines(log) {
		said := map[string]any{}
		if err := json.Unmarshal(line, &said); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if said["audit"] != true {
			continue
		}
		by, _ := said["by"].(string)
		if said["msg"] != "admin.action" || said["account"] != account.String() || !strings.HasPrefix(by, "operator") {
			t.Errorf("the line %s", line)
		}
		action := fmt.Sprint(said["action"])
		for _, name := range []string{"audit", "time", "level", "msg", "account", "by", "action"} {
			delete(said, name)
		}
		if len(said) > 0 {
			action += " " + strings.TrimSuffix(strings.TrimPrefix(fmt.Sprint(said), "map["), "]")
		}
		all = append(all, action)
	}
	return strings.Join(all, ", ")
}
