package userlog

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
)

// queueNames reads the spellings of task.Needs.Names and task.Needs.Sections: only those, since a user may have one section in
// thousands of projects.
func queueNames(b *pgx.Batch, needs task.Needs, ledger *task.Ledger) {
	// primary key of task_name
	const spellings = `
SELECT name, coalesce((SELECT spelling FROM task_name n WHERE n.user_id = $1 AND n.name = asked.name), '') FROM unnest($2::text[]) AS asked (name)`
	// primary keys of task and task_name. A command of a batch may get the project that an earlier one has named.
	const sections = `
SELECT name, coalesce((SELECT spelling FROM task_name n WHERE n.user_id = $1 AND n.name = of_project.name), '') FROM (
  SELECT DISTINCT asked.beginning || project.name AS name FROM unnest($2::uuid[], $3::text[]) AS asked (id, beginning), LATERAL (
    SELECT substr(named, 3) AS name FROM unnest((SELECT names FROM task WHERE user_id = $1 AND id = asked.id)) AS named WHERE starts_with(named, 'p:')
    UNION ALL SELECT unnest($4::text[])) AS project) AS of_project`
	if len(needs.Names) > 0 {
		b.Queue(spellings, ledger.UserID, needs.Names).Query(loadSpellings(ledger))
	}
	if len(needs.Sections) == 0 {
		return
	}
	ids, beginnings, projects := make([]uuid.UUID, len(needs.Sections)), make([]string, len(needs.Sections)), []string{}
	for i, s := range needs.Sections {
		ids[i], beginnings[i] = s.Task, search.SectionsNamed(s.Name)
	}
	for _, name := range needs.Names {
		if project, ok := strings.CutPrefix(name, "p:"); ok {
			projects = append(projects, project)
		}
	}
	b.Queue(sections, ledger.UserID, ids, beginnings, projects).Query(loadSpellings(ledger))
}

func loadSpellings(ledger *task.Ledger) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		var name, spelling string
		_, err := pgx.ForEachRow(rows, []any{&name, &spelling}, func() error {
			ledger.LoadSpelling(name, spelling)
			return nil
		})
		return err
	}
}

// queueSpelled writes the names that were spelled for the first time.
func queueSpelled(b *pgx.Batch, ledger *task.Ledger) {
	spelled := ledger.Spelled()
	if len(spelled) == 0 {
		return
	}
	names, spellings := make([]string, len(spelled)), make([]string, len(spelled))
	for i, n := range spelled {
		names[i], spellings[i] = n.Name, n.Spelling
	}
	const add = `INSERT INTO task_name (user_id, name, spelling) SELECT $1, * FROM unnest($2::text[], $3::text[]) ON CONFLICT DO NOTHING`
	b.Queue(add, ledger.UserID, names, spellings)
}

// checkNames fails the changes that make more projects, sections or tags than a user can have. It is an extra round trip in the
// transaction that holds the users' locks, only for changes that spell a name for the first time.
func checkNames(ctx context.Context, conn *postgres.Conn, applied []*pending) error {
	b := &pgx.Batch{}
	for _, p := range applied {
		if made := p.tx.madeNames(); p.bounds != nil && len(made) > 0 {
			b.Queue(postgres.SetUser, p.user.UserID.String()).Exec(postgres.Discard)
			p.queueNameCounts(b, made)
		}
	}
	if b.Len() == 0 {
		return nil
	}
	return conn.SendBatch(ctx, b).Close()
}

// queueNameCounts counts which of the names are new, and how many of their kinds there are: no more than matter, since there may be
// far more from before there was a limit.
func (p *pending) queueNameCounts(b *pgx.Batch, made []string) {
	// primary key of task_name
	const counts = `
SELECT kind, new, (SELECT count(*) FROM (SELECT FROM task_name WHERE user_id = $1 AND starts_with(name, kind) LIMIT $3) AS had)
FROM (
  SELECT left(asked.name, 2) AS kind, count(*) AS new FROM (SELECT DISTINCT unnest($2::text[])) AS asked (name)
  WHERE NOT EXISTS (SELECT FROM task_name n WHERE n.user_id = $1 AND n.name = asked.name) GROUP BY 1) AS made`
	b.Queue(counts, p.user.UserID, made, max(task.MaxNames, task.MaxSections)).Query(func(rows pgx.Rows) error {
		var kind string
		var added, had int
		_, err := pgx.ForEachRow(rows, []any{&kind, &added, &had}, func() error {
			if err := task.CheckNames(kind, had+added); err != nil {
				p.fail(err)
			}
			return nil
		})
		return err
	})
}
