package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// well waits until all is well: every write of a second was accepted, then every stream has what was committed by then, and every
// task that was completed by then has its successor.
func (w *world) well(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, w.options.timeout)
	defer cancel()
	if err := again(ctx, w.calm); err != nil {
		return err
	}
	var committed map[string]int64
	err := again(ctx, func() (err error) {
		committed, err = w.committed(ctx)
		return err
	})
	if err != nil {
		return err
	}
	completed := w.completions()
	for _, l := range w.listeners {
		if err := l.Await(ctx, committed[l.Report().User.ID]); err != nil {
			return err
		}
	}
	return again(ctx, func() error {
		none, _, err := w.successors(ctx, completed)
		if err == nil && none > 0 {
			err = fmt.Errorf("%d of %d completed tasks have no successor", none, len(completed))
		}
		return err
	})
}

// again repeats a question until it has no error. The database may be away.
func again(ctx context.Context, ask func() error) error {
	poll := time.NewTicker(50 * time.Millisecond)
	defer poll.Stop()
	for {
		err := ask()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(err, ctx.Err())
		case <-poll.C:
		}
	}
}

// committed returns the newest sequence of each user.
func (w *world) committed(ctx context.Context) (map[string]int64, error) {
	rows, err := w.db.Query(ctx, `SELECT user_id::text, seq FROM user_stream`)
	if err != nil {
		return nil, err
	}
	seqs := map[string]int64{}
	var id string
	var seq int64
	_, err = pgx.ForEachRow(rows, []any{&id, &seq}, func() error {
		seqs[id] = seq
		return nil
	})
	return seqs, err
}

// completions lists the recurring tasks whose completion was acknowledged.
func (w *world) completions() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.completed))
}

// successors counts the tasks with no successor and those with more than one.
func (w *world) successors(ctx context.Context, completed []string) (none, many int, err error) {
	const count = `
SELECT count(*) FILTER (WHERE n = 0), count(*) FILTER (WHERE n > 1) FROM (
  SELECT (SELECT count(*) FROM task t WHERE t.series_id = c.id AND t.id <> c.id) AS n FROM unnest($1::uuid[]) AS c (id)) AS each`
	err = w.db.QueryRow(ctx, count, completed).Scan(&none, &many)
	return none, many, err
}

// lost returns the tasks that were acknowledged and are not in the database, or have another title.
func (w *world) lost(ctx context.Context) ([]string, error) {
	w.mu.Lock()
	acknowledged := maps.Clone(w.tasks)
	w.mu.Unlock()
	rows, err := w.db.Query(ctx, `SELECT id::text, title FROM task`)
	if err != nil {
		return nil, err
	}
	var id, title string
	_, err = pgx.ForEachRow(rows, []any{&id, &title}, func() error {
		if acknowledged[id].title == title {
			delete(acknowledged, id)
		}
		return nil
	})
	return slices.Collect(maps.Keys(acknowledged)), err
}

// verify ends the load and checks what is there.
func (w *world) verify(ctx context.Context) error {
	defer w.db.Close()
	if err := w.well(ctx); err != nil {
		return err
	}
	w.stop()
	var problems []error
	lost, err := w.lost(ctx)
	if err != nil {
		return err
	}
	if len(lost) > 0 {
		problems = append(problems, fmt.Errorf("%d acknowledged tasks are lost, such as %s", len(lost), lost[0]))
	}
	completed := w.completions()
	err = again(ctx, func() error {
		none, many, err := w.successors(ctx, completed)
		if many > 0 {
			problems = append(problems, fmt.Errorf("%d tasks have more than one successor", many))
			return nil
		}
		if err == nil && none > 0 {
			err = fmt.Errorf("%d completed tasks have no successor", none)
		}
		return err
	})
	problems = append(problems, err)
	var dead int
	if err := w.db.QueryRow(ctx, `SELECT count(*) FROM dead_letter`).Scan(&dead); err != nil {
		return err
	}
	if dead > 0 {
		problems = append(problems, fmt.Errorf("%d dead letters", dead))
	}
	for _, l := range w.listeners {
		for _, wrong := range l.Report().Wrong {
			problems = append(problems, fmt.Errorf("a stream of user %s: %s", l.Report().User.ID, wrong))
		}
	}
	problems = append(problems, w.stack.RebuildCheck(ctx))
	if err := errors.Join(problems...); err != nil {
		return err
	}
	w.note("At the end %d acknowledged tasks were all there, %d completed recurring tasks had exactly one successor each, no event was a dead letter, each of %d streams "+
		"had every change once and in order or was told to reload, and replaying the audit log gave the same tasks.", len(w.tasks), len(completed), len(w.listeners))
	return nil
}

func (w *world) note(format string, args ...any) {
	w.notes = append(w.notes, fmt.Sprintf(format, args...))
}
