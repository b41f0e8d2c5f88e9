package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// Operate runs the operators' command on the stack's database, such as "user", "role", email, "admin".
func (v Values) Operate(ctx context.Context, args ...string) error {
	return Operate(ctx, filepath.Join(v.Bin, "migrate"), v.Database["owner"], args...)
}

// Operate runs the operators' program on a database, whose address has the owner's role.
func Operate(ctx context.Context, program, database string, args ...string) error {
	command := exec.CommandContext(ctx, program, args...)
	command.Env = append(os.Environ(), "DATABASE_URL="+database)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("migrate %s: %w: %.2000s", args[0], err, output)
	}
	return nil
}

// DropDatabase drops the stack's database under its running functions, and makes an empty one of the same name, as a new server has.
func (v Values) DropDatabase(ctx context.Context) error {
	owner, err := pgx.ParseConfig(v.Database["owner"])
	if err != nil {
		return err
	}
	admin, err := pgx.Connect(ctx, v.Database["superuser"])
	if err != nil {
		return err
	}
	defer func() { _ = admin.Close(context.WithoutCancel(ctx)) }()
	name := pgx.Identifier{owner.Database}.Sanitize()
	for _, statement := range []string{"DROP DATABASE " + name + " WITH (FORCE)", "CREATE DATABASE " + name + " OWNER taskwire_owner"} {
		if _, err := admin.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
