package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Provide creates the owner and the database, or updates the owner's password. The owner may create roles but is not a
// superuser: what works here works on a managed PostgreSQL.
func (s *Server) Provide(ctx context.Context, ownerPassword string) error {
	conn, err := pgx.Connect(ctx, s.URL(Superuser, s.Password, "postgres"))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()

	var role, database bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1),
		EXISTS (SELECT FROM pg_database WHERE datname = $2)`, Owner, Database).Scan(&role, &database)
	if err != nil {
		return err
	}
	verb := "CREATE"
	if role {
		verb = "ALTER"
	}
	// A role's password cannot be a parameter; quote_literal makes it safe.
	var statement string
	err = conn.QueryRow(ctx, `SELECT format('%s ROLE %I LOGIN CREATEROLE PASSWORD %L', $1::text, $2::text, $3::text)`,
		verb, Owner, ownerPassword).Scan(&statement)
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("owner role: %w", err)
	}
	if !database {
		if _, err := conn.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s OWNER %s", Database, Owner)); err != nil {
			return fmt.Errorf("create database: %w", err)
		}
	}
	return nil
}
