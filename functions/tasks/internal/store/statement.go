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
// page, or after so many tasks that it takes some milliseconds. Then it also returns the last of those as a mark, where the column
// cut is 1, or 2 if the task matches: what comes behind it may lack tasks that this walk has not reached.
//
// When a mark comes before the page is full, few tasks match, or they are far from the cursor. The exact statement finds them by
// an index for one of the filters, and sorts. If that would be very many, it returns a mark instead, and a longer walk follows.
//
// Where no index decides a filter, it runs after row-level security anyway, so it need not be leakproof.
const (
	// Offset, so that nothing but task_first finds the first tasks: the primary key would read all that are behind a cursor.
	page = `<found>
SELECT ` + userlog.TaskColumns + `, cut FROM (<indexed>
  (SELECT *, 0 AS cut FROM (SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND NOT indexed OFFSET 0) AS first WHERE <filter> <behind>)
) AS t ORDER BY <mark> <key> <way> NULLS LAST, id <way> LIMIT $9`

	filter = `
    ($2::integer IS NULL OR <done> = $2) AND ($3::smallint IS NULL OR priority = $3)
    AND ($4::text[] IS NULL OR names @> $4) AND ($5::uuid IS NULL OR parent_id = $5)
    AND ($6::timestamptz IS NULL AND $7::timestamptz IS NULL OR ` + dueAtRange + ` OR ` + dueDateRange + `)
    AND ($8::text[] IS NULL OR coalesce(search, lower(title || E'\n' || description)) LIKE ALL ($8))`

	// primary key of task_name
	inSection = ` AND section = (SELECT spelling FROM task_name WHERE user_id = $1 AND name = <section>)`

	// done is the second column of each index of a sort.
	done = `(CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END)`

	walk = `
  (SELECT * FROM (
    SELECT *, CASE WHEN row_number() OVER (ORDER BY <order> <way>, id <way>) < <length> THEN 0 WHEN <filter> THEN 2 ELSE 1 END AS cut FROM (
      SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND <done> = <this> AND coalesce($2, <this>) = <this> <part>
      ORDER BY <order> <way>, id <way> LIMIT <length>
    ) AS these
  ) AS walked WHERE cut > 0 OR <filter> ORDER BY <key> <way>, id <way> LIMIT $9)
  UNION ALL`

	// Materialized and without the cursor, so that the planner does not walk again.
	found = `
WITH found AS MATERIALIZED (
  SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND <driver> LIMIT <most> + 1
)`
	exact = `
  (SELECT *, 0 AS cut FROM found WHERE <filter> <behind>)
  UNION ALL
  (SELECT (NULL::task).*, 1 FROM (SELECT count(*) AS n FROM found) AS all_found WHERE n > <most>)
  UNION ALL`

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
	undated = `due_date IS NULL AND due_at IS NULL AND $6::timestamptz IS NULL AND $7::timestamptz IS NULL`
)

// drivers are conditions that an index decides, and that the filter implies.
const (
	byKeys     = `id = ANY (ARRAY(SELECT task_candidates(<all>, <one>, $8, <most> + 1)))` // task_keys, primary key of task
	byParent   = `parent_id = $5`                                                         // task_parent
	byPriority = `<done> IN (0, 1) AND priority = $3`                                     // task_by_priority

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
	length     int // of a walk, or the most that an exact statement finds
	sort       string
	descending bool
	driver     string // "" for a walk
	section    bool   // only tasks of one
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
	if f.section {
		names = append(names, "<section>")
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
	with, indexed, mark := "", "", ""
	if f.driver != "" {
		with, indexed, mark = strings.ReplaceAll(found, "<driver>", f.driver), exact, "id IS NOT NULL,"
	} else {
		for _, part := range parts {
			for this := range 2 {
				walk := strings.ReplaceAll(walk, "<key>", part.order) // of one part, the index has the order of the list
				indexed += strings.NewReplacer("<this>", strconv.Itoa(this), "<length>", strconv.Itoa(f.length), "<part>", part.where, "<order>", part.order).Replace(walk)
			}
		}
	}
	text := strings.NewReplacer("<found>", with, "<indexed>", indexed, "<mark>", mark).Replace(page)
	condition := filter
	if f.section {
		condition += inSection
	}
	text = strings.NewReplacer("<filter>", condition, "<behind>", behind).Replace(text)
	text = strings.NewReplacer("<done>", done, "<key>", key.column, "<way>", way, "<most>", strconv.Itoa(f.length)).Replace(text)
	for i, name := range f.parameters() {
		text = strings.ReplaceAll(text, name, "$"+strconv.Itoa(12+i))
	}
	return text
}

// statementOf returns the walk of a length or, by a driver, the exact statement of a page of so many tasks, and its arguments.
func statementOf(who token.Principal, q list.Query, length int, driver string) (string, []any) {
	names := search.Names(q.Project, q.Tags)
	f := form{length: length, sort: q.Sort, descending: q.Descending, driver: driver, section: q.Section != nil}
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
	if f.section {
		args = append(args, search.SectionName(*q.Project, *q.Section))
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
