package contender

import (
	"context"
	"net/url"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/e2e/stack"
)

// newDatabase creates an empty database on the PostgreSQL of a stack and returns its address.
func newDatabase(ctx context.Context, servers *stack.Stack, name string) (string, error) {
	values, err := servers.Values(ctx)
	if err != nil {
		return "", err
	}
	admin, err := pgx.Connect(ctx, values.Database["superuser"])
	if err != nil {
		return "", err
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	quoted := pgx.Identifier{name}.Sanitize()
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + quoted + " WITH (FORCE)", "CREATE DATABASE " + quoted} {
		if _, err := admin.Exec(ctx, statement); err != nil {
			return "", err
		}
	}
	return onDatabase(ctx, values, name)
}

// asSuperuser is the address of Taskwire's own database for the superuser.
func asSuperuser(ctx context.Context, values stack.Values) (string, error) {
	owner, err := pgx.ParseConfig(values.Database["owner"])
	if err != nil {
		return "", err
	}
	return onDatabase(ctx, values, owner.Database)
}

// onDatabase is the address of a database of the stack's server for the superuser, through the Unix socket if there is one, as the
// functions connect.
func onDatabase(ctx context.Context, values stack.Values, name string) (string, error) {
	admin, err := pgx.Connect(ctx, values.Database["superuser"])
	if err != nil {
		return "", err
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	var sockets string
	if err := admin.QueryRow(ctx, `SHOW unix_socket_directories`).Scan(&sockets); err != nil {
		return "", err
	}
	u, err := url.Parse(values.Database["superuser"])
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	if sockets != "" {
		query := u.Query()
		query.Set("host", sockets)
		query.Set("port", u.Port())
		u.Host, u.RawQuery = "", query.Encode()
	}
	return u.String(), nil
}
