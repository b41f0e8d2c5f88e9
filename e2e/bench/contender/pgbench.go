package contender

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"taskwire.dev/e2e/stack"
)

// Pgbench is the bare transaction: the rows of Taskwire's changes, written by pgbench to Taskwire's tables on a PostgreSQL with the same
// settings, as a superuser, so without row-level security, with nobody who reads them.
type Pgbench struct {
	servers *stack.Stack
	program string
	address string
	script  string
	db      *pgxpool.Pool
}

const (
	// pgbenchClients saturate two cores; more only wait for each other.
	pgbenchClients = 16
	perScript      = 4 // changes
)

// StartPgbench prepares the users on the PostgreSQL of a stack of servers, and the script, from what a user's changes leave in Taskwire's
// own tables.
func StartPgbench(ctx context.Context, servers, taskwire *stack.Stack, token string, users int) (*Pgbench, error) {
	rows, err := capture(ctx, taskwire, token)
	if err != nil {
		return nil, err
	}
	values, err := servers.Values(ctx)
	if err != nil {
		return nil, err
	}
	p := &Pgbench{servers: servers}
	if p.program, err = pgbenchOf(ctx, servers); err != nil {
		return nil, err
	}
	if p.address, err = asSuperuser(ctx, values); err != nil {
		return nil, err
	}
	if p.db, err = pgxpool.New(ctx, p.address); err != nil {
		return nil, err
	}
	if _, err := p.db.Exec(ctx, `INSERT INTO user_stream (user_id) SELECT md5(n::text)::uuid FROM generate_series(0, $1::integer - 1) AS n`, users); err != nil {
		return nil, err
	}
	file, err := os.CreateTemp("", "taskwire-*.pgbench")
	if err != nil {
		return nil, err
	}
	p.script = file.Name()
	_, err = file.WriteString(script(rows, users))
	if closed := file.Close(); err == nil {
		err = closed
	}
	return p, err
}

// pgbenchOf finds pgbench beside the server that runs: Debian keeps both off the PATH, and one of another version may be on it.
func pgbenchOf(ctx context.Context, servers *stack.Stack) (string, error) {
	server, err := servers.Part(ctx, stack.Postgres)
	if err != nil {
		return "", err
	}
	path, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", server.PID))
	if err != nil {
		return "", err
	}
	path = filepath.Join(filepath.Dir(path), "pgbench")
	if _, err := os.Stat(path); err != nil {
		return "", fmt.Errorf("PostgreSQL's package has no pgbench: %w", err)
	}
	return path, nil
}

var (
	processed = regexp.MustCompile(`number of transactions actually processed: (\d+)`)
	perSecond = regexp.MustCompile(`tps = ([0-9.]+) \(without initial connection time\)`)
)

// result reads how many transactions pgbench made, and how many a second. Its start and its logins do not count: the connections of the
// other contenders are open before their time begins.
func result(output []byte) (transactions int64, rate float64, err error) {
	count, tps := processed.FindSubmatch(output), perSecond.FindSubmatch(output)
	if count == nil || tps == nil {
		return 0, 0, fmt.Errorf("pgbench does not say how much it did: %.2000s", output)
	}
	if transactions, err = strconv.ParseInt(string(count[1]), 10, 64); err != nil || transactions == 0 {
		return 0, 0, fmt.Errorf("pgbench did nothing: %.2000s", output)
	}
	rate, err = strconv.ParseFloat(string(tps[1]), 64)
	return transactions, rate, err
}

// Slice implements Contender.
func (p *Pgbench) Slice(ctx context.Context, rate int, d time.Duration) (Sample, error) {
	// Nobody publishes: an outbox that grows is no part of a change.
	if _, err := p.db.Exec(ctx, `TRUNCATE outbox`); err != nil {
		return Sample{}, err
	}
	args := []string{
		"--no-vacuum", "--protocol=prepared", "--client=" + strconv.Itoa(pgbenchClients), "--jobs=2",
		"--time=" + strconv.Itoa(max(1, int(d.Seconds()))), "--file=" + p.script,
	}
	if rate > 0 {
		args = append(args, fmt.Sprintf("--rate=%g", float64(rate)/perScript))
	}
	before, err := p.servers.Usages(ctx)
	if err != nil {
		return Sample{}, err
	}
	output, err := exec.CommandContext(ctx, p.program, append(args, p.address)...).CombinedOutput()
	if err != nil {
		return Sample{}, fmt.Errorf("pgbench: %w: %.2000s", err, output)
	}
	after, err := p.servers.Usages(ctx)
	if err != nil {
		return Sample{}, err
	}
	n, tps, err := result(output)
	if err != nil {
		return Sample{}, err
	}
	out := Sample{Rate: tps * perScript}
	out.cost(map[string]time.Duration{stack.Postgres: stack.CPU(before, after)[stack.Postgres]}, n*perScript)
	return out, nil
}

// Close implements Contender.
func (p *Pgbench) Close(context.Context) error {
	p.db.Close()
	return os.Remove(p.script)
}
