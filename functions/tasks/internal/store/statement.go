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
    AND ($4::text[] IS NULL OR names @> $4) AND ($5::uuid IS NULL OR parent_id = $5) AND ($6::timestamptz IS NULL OR due_at < $6)
    AND ($7::timestamptz IS NULL OR due_at > $7) 
    AND ($8::text[] IS NULL OR coalesce(search, lower(title || E'\n' || description)) LIKE ALL ($8))`

	// done is the second column of each index of a sort.
	done = `(CASE WHEN completed_at IS NULL THEN 0 ELSE 1 END)`

	walk = `
  (SELECT * FROM (
    SELECT * FROM task WHERE user_id = $1 AND deleted_at IS NULL AND indexed AND <done> = <this> AND coalesce($2, <this>) = <this> <part>
    ORDER BY <key> <way>, id <way> LIMIT ` + walkLength + `
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
	"due_at":     {`due_at`, `<value>::timestamptz`},                               // task_by_due_at
	"created_at": {`created_at`, `<value>::timestamptz`},                           // task_by_created_at
	"updated_at": {`updated_at`, `<value>::timestamptz`},                           // task_by_updated_at
	"priority":   {`priority`, `<value>::smallint`},                                // task_by_priority
	"title":      {`title COLLATE task_title`, `<value>::text COLLATE task_title`}, // task_by_title
	"position":   {`position`, `<value>::text COLLATE "C"`},                        // task_by_position
}

// drivers are conditions that an index decides, and that the filter implies.
const (
	byKeys     = `id = ANY (ARRAY(SELECT task_candidates(<all>, <one>, $8)))` // task_keys, primary key of task
	byParent   = `parent_id = $5`                                             // task_parent
	byDue      = `<done> IN (0, 1) AND ` + dueRange                           // task_by_due_at
	byPriority = `<done> IN (0, 1) AND priority = $3`                         // task_by_priority

	// For row-level security COALESCE is not leakproof, CASE is.
	dueRange = `due_at < CASE WHEN $6::timestamptz IS NULL THEN 'infinity' ELSE $6 END
    AND due_at > CASE WHEN $7::timestamptz IS NULL THEN '-infinity' ELSE $7 END`
)

// driver returns the condition for the exact statement of q, or "" if q has no filters that could make its walk long.
func driver(q list.Query) string {
	switch {
	case len(q.Terms) > 0 || q.Project != nil || len(q.Tags) > 0:
		return byKeys
	case q.ParentID != nil:
		return byParent
	case (q.DueBefore != nil || q.DueAfter != nil) && q.Sort != "due_at":
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
	afterNull // among the tasks without a due date, which are last
)

var statements sync.Map // texts by form

func (f form) statement() string {
	if text, ok := statements.Load(f); ok {
		return text.(string)
	}
	text, _ := statements.LoadOrStore(f, f.build())
	return text.(string)
}

func (f form) build() string {
	key := sortKeys[f.sort]
	way, comes := "ASC", ">"
	if f.descending {
		way, comes = "DESC", "<"
	}
	// The arguments after the nine that all statements have: two of a cursor, two of keys.
	numbers := strings.NewReplacer("<value>", "$10", "<id>", "$11", "<all>", "$12", "<one>", "$13")
	row := `(` + key.column + `, id) ` + comes + ` (` + key.value + `, <id>)`
	var behind string
	parts := []string{""} // of a walk, in their order
	switch f.after {
	case firstPage:
		numbers = strings.NewReplacer("<all>", "$10", "<one>", "$11")
		if f.sort == "due_at" {
			parts = []string{` AND ` + dueRange, ` AND due_at IS NULL`}
		}
	case afterValue:
		behind, parts = ` AND `+row, []string{` AND ` + row}
		if f.sort == "due_at" {
			behind, parts = ` AND (`+row+` OR due_at IS NULL)`, []string{` AND ` + row + ` AND ` + dueRange, ` AND due_at IS NULL`}
		}
	case afterNull:
		numbers = strings.NewReplacer("<id>", "$10", "<all>", "$11", "<one>", "$12")
		behind = ` AND due_at IS NULL AND id ` + comes + ` <id>`
		parts = []string{behind}
	}
	with, indexed := "", ""
	if f.driver != "" {
		with, indexed = strings.ReplaceAll(found, "<driver>", f.driver), exact
	} else {
		for _, part := range parts {
			for this := range 2 {
				indexed += strings.NewReplacer("<this>", strconv.Itoa(this), "<part>", part).Replace(walk)
			}
		}
	}
	text := strings.NewReplacer("<found>", with, "<indexed>", indexed).Replace(page)
	text = strings.NewReplacer("<filter>", filter, "<behind>", behind).Replace(text)
	text = strings.NewReplacer("<done>", done, "<key>", key.column, "<way>", way).Replace(text)
	return numbers.Replace(text)
}

// statementOf returns the walk or the exact statement of a page, and its arguments.
func statementOf(who token.Principal, q list.Query, driver string) (string, []any) {
	names := search.Names(q.Project, q.Tags)
	f := form{sort: q.Sort, descending: q.Descending, driver: driver}
	args := []any{
		who.UserID, (*int)(nil), (*int16)(q.Priority), names, q.ParentID, q.DueBefore, q.DueAfter, patterns(q.Terms), q.Limit + 1,
	}
	if q.Completed != nil {
		this := 0
		if *q.Completed {
			this = 1
		}
		args[1] = &this
	}
	if k := q.After; k != nil {
		switch f.after = afterValue; q.Sort {
		case "due_at", "created_at", "updated_at":
			if k.Time == nil {
				f.after = afterNull
			} else {
				args = append(args, *k.Time)
			}
		case "priority":
			args = append(args, int16(k.Priority))
		default:
			args = append(args, k.Text)
		}
		args = append(args, k.ID)
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
