package store

import (
	"strconv"
	"strings"
	"sync"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog"
)

// The statements of a list. A user's first tasks are not in the indexes of lists (search.Indexed): they are filtered and
// sorted in memory, by task_first. The others come in two ways.
//
// A walk reads the index of the sort from the cursor on, open and completed tasks apart, and filters. It stops at a full
// page, or after so many tasks that it takes some milliseconds. When that is not all of them and the page is not full,
// few tasks match: the exact statement finds them by an index for one of the filters, and sorts.
//
// Where no index decides a filter, it runs after row-level security anyway, so it need not be leakproof.
const (
	walkLength = "5000"

	page = `<found>
SELECT ` + userlog.TaskColumns + ` FROM (<indexed>
  (SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND NOT indexed AND <filter> <behind>)
) AS t ORDER BY <key> <way> NULLS LAST, id <way> LIMIT $9`

	filter = `
    ($2::integer IS NULL OR <done> = $2) AND ($3::smallint IS NULL OR priority = $3)
    AND ($4::text[] IS NULL OR names @> $4) AND ($5::uuid IS NULL OR parent_id = $5)
    AND ($6::timestamptz IS NULL AND $7::timestamptz IS NULL OR ` + dueAtRange + ` OR ` + dueDateRange + `)
    AND ($8::text[] IS NULL OR coalesce(search, lower(title || E'\n' || description)) LIKE ALL ($8))`

	// done is the second column of each index of a sort.
	done = `(CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END)`

	walk = `
  (SELECT * FROM (
    SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND <done> = <this> AND coalesce($2, <this>) = <this> <part>
    ORDER BY <order> <way>, id <way> LIMIT ` + walkLength + `
  ) AS walked WHERE <filter> ORDER BY <key> <way>, id <way> LIMIT $9)
  UNION ALL`

	// Materialized and without the cursor, so that the planner does not walk again.
	found = `
WITH found AS MATERIALIZED (
  SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND <driver> AND <filter>
)`
	exact = `
  (SELECT * FROM found WHERE true <behind>)
  UNION ALL`

	// endless reports whether a walk does not reach the last of a user's tasks.
	endless = `SELECT EXISTS (SELECT FROM task WHERE user_id = $1 AND indexed AND deleted_at IS NULL OFFSET ` + walkLength + `)`

	// keepOrder makes the planner take the index of the sort for a walk; it would rather sort what it believes to be few
	// rows of the average user. So the plan does not depend on the arguments, and is made only once.
	keepOrder = `SELECT set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
  set_config('plan_cache_mode', 'force_generic_plan', true)`

	// judgeArguments makes the planner look at the arguments of an exact statement, on which the best index depends.
	judgeArguments = `SELECT set_config('plan_cache_mode', 'force_custom_plan', true)`
)

// sortKeys have the third column of the index of each sort, and the value of a cursor in the same form.
var sortKeys = map[string]struct{ column, value string }{
	sortDue:      {dueStart, `<value>::timestamptz`},                               // task_by_due_at, task_by_due_date
	"created_at": {`created_at`, `<value>::timestamptz`},                           // task_by_created_at
	"updated_at": {`updated_at`, `<value>::timestamptz`},                           // task_by_updated_at
	"priority":   {`priority`, `<value>::smallint`},                                // task_by_priority
	"title":      {`title COLLATE task_title`, `<value>::text COLLATE task_title`}, // task_by_title
	"position":   {`position`, `<value>::text COLLATE "C"`},                        // task_by_position
}

// Tasks that are due at a moment and those that are due on a day have an index each, and so a walk each. Both are sorted
// by an instant: a day counts from its beginning in the user's zone (list.Offsets).
const (
	sortDue  = "due_at"
	dueStart = `CASE WHEN due_date IS NULL THEN due_at
      ELSE due_date::timestamp AT TIME ZONE 'UTC' - make_interval(secs => (<offsets>::integer[])[1 + width_bucket(due_date, <days>::date[])]) END`

	// For row-level security COALESCE is not leakproof, CASE is.
	dueAtRange = `due_date IS NULL AND due_at >= CASE WHEN $6::timestamptz IS NULL THEN '-infinity' ELSE $6 END
      AND due_at < CASE WHEN $7::timestamptz IS NULL THEN 'infinity' ELSE $7 END`
	dueDateRange = `due_date >= CASE WHEN $10::date IS NULL THEN '-infinity' ELSE $10 END
      AND due_date < CASE WHEN $11::date IS NULL THEN 'infinity' ELSE $11 END`
	undated = `due_date IS NULL AND due_at IS NULL`
)

// drivers are conditions that an index decides, and that the filter implies.
const (
	byKeys     = `id = ANY (ARRAY(SELECT task_candidates(<all>, <one>, $8)))` // task_keys, primary key of task
	byParent   = `parent_id = $5`                                             // task_parent
	byPriority = `<done> IN (0, 1) AND priority = $3`                         // task_by_priority

	// task_by_due_at and task_by_due_date
	byDue = `(<done> IN (0, 1) AND ` + dueAtRange + ` OR <done> IN (0, 1) AND ` + dueDateRange + `)`
)

// driver returns the condition for the exact statement of q, or "" if q has no filters that could make its walk long.
func driver(q list.Query) string {
	switch {
	case len(q.Terms) > 0 || q.Project != nil || len(q.Tags) > 0:
		return byKeys
	case q.ParentID != nil:
		return byParent
	case len(q.DueFrom)+len(q.DueTo) > 0 && q.Sort != sortDue:
		return byDue
	case q.Priority != nil:
		return byPriority
	default:
		return ""
	}
}

// form is what the text of a statement depends on.
type form struct {
	sort       string
	descending bool
	driver     string // "" for a walk
	after      after
}

type after int

const (
	firstPage after = iota
	afterValue
	afterNull // among the tasks without a due date of either kind, which are last
)

var statements sync.Map // texts by form

func (f form) statement() string {
	if text, ok := statements.Load(f); ok {
		return text.(string)
	}
	text, _ := statements.LoadOrStore(f, f.build())
	return text.(string)
}

// part is one of the walks of a statement.
type part struct{ where, order string }

// parameters are the names of the arguments after the eleven that all statements have, in their order.
func (f form) parameters() (names []string) {
	if f.sort == sortDue {
		names = append(names, "<offsets>", "<days>")
	}
	switch f.after {
	case afterValue:
		if names = append(names, "<value>", "<id>"); f.sort == sortDue && f.driver == "" {
			names = append(names, "<day>", "<dayid>")
		}
	case afterNull:
		names = append(names, "<id>")
	}
	if f.driver == byKeys {
		names = append(names, "<all>", "<one>")
	}
	return names
}

func (f form) build() string {
	key := sortKeys[f.sort]
	way, comes := "ASC", ">"
	if f.descending {
		way, comes = "DESC", "<"
	}
	row := `(` + key.column + `, id) ` + comes + ` (` + key.value + `, <id>)`
	behind, parts := "", []part{{"", key.column}} // in the order of the list
	switch {
	case f.after == afterNull:
		behind = ` AND ` + undated + ` AND id ` + comes + ` <id>`
		parts = []part{{behind, `due_at`}}
	case f.sort == sortDue && f.after == afterValue:
		behind = ` AND (` + row + ` OR ` + undated + `)`
		parts = []part{
			{` AND (due_at, id) ` + comes + ` (` + key.value + `, <id>) AND ` + dueAtRange, `due_at`},
			{` AND (due_date, id) ` + comes + ` (<day>::date, <dayid>) AND ` + dueDateRange, `due_date`},
			{` AND ` + undated, `due_at`},
		}
	case f.sort == sortDue:
		parts = []part{{` AND ` + dueAtRange, `due_at`}, {` AND ` + dueDateRange, `due_date`}, {` AND ` + undated, `due_at`}}
	case f.after == afterValue:
		behind = ` AND ` + row
		parts[0].where = behind
	}
	with, indexed := "", ""
	if f.driver != "" {
		with, indexed = strings.ReplaceAll(found, "<driver>", f.driver), exact
	} else {
		for _, part := range parts {
			for this := range 2 {
				walk := strings.ReplaceAll(walk, "<key>", part.order) // of one part, the index has the order of the list
				indexed += strings.NewReplacer("<this>", strconv.Itoa(this), "<part>", part.where, "<order>", part.order).Replace(walk)
			}
		}
	}
	text := strings.NewReplacer("<found>", with, "<indexed>", indexed).Replace(page)
	text = strings.NewReplacer("<filter>", filter, "<behind>", behind).Replace(text)
	text = strings.NewReplacer("<done>", done, "<key>", key.column, "<way>", way).Replace(text)
	for i, name := range f.parameters() {
		text = strings.ReplaceAll(text, name, "$"+strconv.Itoa(12+i))
	}
	return text
}

// statementOf returns the walk or the exact statement of a page, and its arguments.
func statementOf(who token.Principal, q list.Query, driver string) (string, []any) {
	names := search.Names(q.Project, q.Tags)
	f := form{sort: q.Sort, descending: q.Descending, driver: driver}
	due := q.Range()
	args := []any{
		who.UserID, (*int)(nil), (*int16)(q.Priority), names, q.ParentID, due.From, due.To, patterns(q.Terms), q.Limit + 1,
		due.FromDay, due.ToDay,
	}
	if q.Completed != nil {
		this := 0
		if *q.Completed {
			this = 1
		}
		args[1] = &this
	}
	offsets := list.OffsetsOf(q.Zone)
	if f.sort == sortDue {
		args = append(args, offsets.Offset, offsets.From)
	}
	if k := q.After; k != nil {
		switch f.after = afterValue; {
		case q.Sort == "priority":
			args = append(args, int16(k.Priority), k.ID)
		case q.Sort == "title" || q.Sort == "position":
			args = append(args, k.Text, k.ID)
		case k.Time == nil:
			f.after = afterNull
			args = append(args, k.ID)
		default:
			if args = append(args, *k.Time, k.ID); q.Sort == sortDue && driver == "" {
				day, id := offsets.Place(*k.Time, k.ID, q.Descending)
				args = append(args, day.Midnight(), id)
			}
		}
	}
	if driver == byKeys {
		all, oneOf := search.QueryKeys(who.UserID, q.Terms, names)
		args = append(args, all, oneOf)
	}
	return f.statement(), args
}

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// patterns returns a LIKE pattern for each term, or nil if there are none.
func patterns(terms []string) []string {
	if len(terms) == 0 {
		return nil
	}
	out := make([]string, len(terms))
	for i, term := range terms {
		out[i] = "%" + escape.Replace(term) + "%"
	}
	return out
}
