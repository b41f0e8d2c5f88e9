package contender

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// written is what Taskwire's four changes of a cycle (create, create, rename, complete) left in its tables. The bare transaction writes
// the same rows, whatever columns the tables have meanwhile.
type written struct {
	outbox [4][]row // of each change
	event  [4]row
	task   [4]row
}

// row is a table's row, with its columns as SQL literals. Columns that PostgreSQL fills are left out.
type row struct{ columns, values []string }

// capture has a user make the changes and reads their rows. The publishers' sidecars are down meanwhile, or the rows of the outbox would
// be gone.
func capture(ctx context.Context, s *stack.Stack, token string) (out written, err error) {
	values, err := s.Values(ctx)
	if err != nil {
		return out, err
	}
	address, err := asSuperuser(ctx, values)
	if err != nil {
		return out, err
	}
	db, err := pgx.Connect(ctx, address)
	if err != nil {
		return out, err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	publishers := []string{stack.Sidecar("tasks"), stack.Sidecar("outbox-relay")}
	for _, sidecar := range publishers {
		if err := s.Hold(ctx, sidecar); err != nil {
			return out, err
		}
	}
	defer func() {
		for _, sidecar := range publishers {
			if released := s.Release(context.WithoutCancel(ctx), sidecar); err == nil {
				err = released
			}
		}
	}()
	w, err := generator.Dial(generator.Address(values.GatewayURL))
	if err != nil {
		return out, err
	}
	defer w.Close()
	author := generator.Tasks([]string{token})(0)
	for i := range out.event {
		if err := author.Write(w, time.Now()); err != nil {
			return out, err
		}
		if out.event[i], err = lastRow(ctx, db, "task_event", "occurred_at DESC, seq DESC", 0); err != nil {
			return out, err
		}
		if out.task[i], err = lastRow(ctx, db, "task", "updated_at DESC", 0); err != nil {
			return out, err
		}
		for n := range 2 {
			r, err := lastRow(ctx, db, "outbox", "id DESC", 1-n)
			if err != nil {
				return out, err
			}
			out.outbox[i] = append(out.outbox[i], r)
		}
	}
	return out, nil
}

// lastRow reads the row of a table that is nth in an order.
func lastRow(ctx context.Context, db *pgx.Conn, table, order string, nth int) (out row, err error) {
	const columns = `SELECT quote_ident(attname), format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = '' ORDER BY attnum`
	rows, err := db.Query(ctx, columns, table)
	if err != nil {
		return out, err
	}
	var types []string
	var name, kind string
	if _, err := pgx.ForEachRow(rows, []any{&name, &kind}, func() error {
		out.columns, types = append(out.columns, name), append(types, kind)
		return nil
	}); err != nil {
		return out, err
	}
	texts := make([]*string, len(types))
	into := make([]any, len(types))
	for i := range texts {
		into[i] = &texts[i]
	}
	query := fmt.Sprintf("SELECT %s::text FROM %s ORDER BY %s OFFSET %d LIMIT 1", strings.Join(out.columns, "::text, "), table, order, nth)
	if err := db.QueryRow(ctx, query).Scan(into...); err != nil {
		return out, fmt.Errorf("the last row of %s: %w", table, err)
	}
	for i, text := range texts {
		out.values = append(out.values, literal(text, types[i]))
	}
	return out, nil
}

// literal is a value in a script of pgbench, which takes a colon for the start of a variable, even between quotes.
func literal(text *string, kind string) string {
	if text == nil {
		return "NULL::" + kind
	}
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`, ":", `\x3a`, "\n", `\n`).Replace(*text) + "'::" + kind
}

// with replaces values of columns.
func (r row) with(replaced map[string]string) row {
	out := row{r.columns, slices.Clone(r.values)}
	for i, name := range out.columns {
		if value, ok := replaced[name]; ok {
			out.values[i] = value
		}
	}
	return out
}

func (r row) tuple() string { return "(" + strings.Join(r.values, ", ") + ")" }

// insert is the statement for rows of a table.
func insert(table string, rows ...row) string {
	tuples := make([]string, len(rows))
	for i, r := range rows {
		tuples[i] = r.tuple()
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES %s", table, strings.Join(rows[0].columns, ", "), strings.Join(tuples, ", "))
}
