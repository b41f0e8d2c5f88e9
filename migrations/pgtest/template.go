package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/migrations"
)

const templatePrefix = "pgtemplate_"

var made struct {
	sync.Mutex
	template Database
}

// template returns the server's migrated database that nobody can connect to, for that would make CREATE DATABASE fail.
// It makes the template if there is none of these migrations, and drops those of others.
func template(ctx context.Context, server *url.URL) (Database, error) {
	made.Lock()
	defer made.Unlock()
	if made.template.base != nil {
		return made.template, nil
	}
	digest, err := migrations.Digest()
	if err != nil {
		return Database{}, err
	}
	db := at(server, templatePrefix+digest[:16])
	if err := db.prepare(ctx); err != nil {
		return Database{}, err
	}
	made.template = db
	return db, nil
}

// prepare makes the template under the lock, which goes with the connection.
func (d Database) prepare(ctx context.Context) error {
	admin, err := pgx.Connect(ctx, d.server.String())
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	if _, err := admin.Exec(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return err
	}
	rows, err := admin.Query(ctx, "SELECT datname, NOT datallowconn FROM pg_database WHERE starts_with(datname, $1)", templatePrefix)
	if err != nil {
		return err
	}
	type found struct {
		Name     string
		Finished bool
	}
	templates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[found])
	if err != nil {
		return err
	}
	for _, t := range templates {
		if t.Name == d.name() && t.Finished {
			return nil
		}
	}
	for _, t := range templates {
		if _, err := admin.Exec(ctx, "DROP DATABASE "+t.Name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	if _, err := create(ctx, admin, d.server, d.name()); err != nil {
		return err
	}
	if err := migrate(ctx, d.Owner); err != nil {
		return err
	}
	if err := lend(ctx, admin); err != nil {
		return err
	}
	_, err = admin.Exec(ctx, "ALTER DATABASE "+d.name()+" WITH ALLOW_CONNECTIONS false")
	return err
}

// settings are the statements for what CREATE DATABASE does not copy: privileges on the database, and the settings that
// roles have in it. $1 is the template, $2 the copy.
const settings = `
SELECT statement FROM (
  SELECT 1, format('REVOKE ALL ON DATABASE %I FROM PUBLIC', $2::text)
    FROM pg_database WHERE datname = $1 AND datacl IS NOT NULL
  UNION ALL
  SELECT 2, format('GRANT %s ON DATABASE %I TO %s', privilege_type, $2::text,
                   CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END)
    FROM pg_database, aclexplode(datacl) WHERE datname = $1
  UNION ALL
  SELECT 3, format('ALTER ROLE %I IN DATABASE %I SET %I = %L', pg_get_userbyid(setrole), $2::text,
                   split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1))
    FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) setting WHERE datname = $1
) AS s (step, statement) ORDER BY step`

// copy makes the database from the template. It copies the files: the default, which
// writes every page to the write-ahead log, takes three times the CPU time.
func (d Database) copy(ctx context.Context, admin *pgx.Conn, from Database) error {
	if _, err := admin.Exec(ctx, fmt.Sprintf("CREATE DATABASE %s OWNER %s TEMPLATE %s STRATEGY file_copy", d.name(), ownerRole, from.name())); err != nil {
		return err
	}
	rows, err := admin.Query(ctx, settings, from.name(), d.name())
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	_, err = admin.Exec(ctx, "SET ROLE "+ownerRole+"; "+strings.Join(statements, "; ")+"; RESET ROLE")
	return err
}
