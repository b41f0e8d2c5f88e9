package stack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Operate runs the operators' command on the stack's database, such as "role", email, "admin".
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
