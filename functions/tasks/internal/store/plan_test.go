package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"taskwire.dev/functions/tasks/internal/list"
	"taskwire.dev/shared/search"
	"taskwire.dev/shared/task"
	"taskwire.dev/shared/token"
	"taskwire.dev/shared/userlog/userlogtest"
	"taskwire.dev/shared/wallclock"
)

// planTasks is how many tasks the user of TestListsReadLittle has; PLAN_TASKS=1000000 is for measuring.
func planTasks(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("PLAN_TASKS"))
	if err != nil {
		n = 40_000
	}
	if testing.Short() {
		t.Skip("makes many tasks")
	}
	return n
}

// fillTasks gives who n tasks, the first of them not indexed, as a log would leave them.
func fillTasks(t *testing.T, b bundle, who token.Principal, n int) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("invoice dentist garden report school train meeting review budget window kitchen ladder music paper river stone")
	pick := func() string { return words[random.IntN(len(words))] }
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	position := ""
	columns := strings.Split("user_id,id,title,description,completed_at,priority,project,tags,due_at,due_date,reminders,position,version,created_at,updated_at,search,names,keys,indexed", ",")
	rows := pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		title := fmt.Sprintf("%s the %s %s %d", []string{"Call", "Buy", "Fix", "Write"}[random.IntN(4)], pick(), pick(), random.IntN(100_000))
		switch {
		case i%20_000 == 7:
			title += " xylophone"
		case i%50 == 3:
			title = "明日の会議の準備"
		}
		description := ""
		if i%5 == 0 {
			description = strings.Repeat(pick()+" "+pick()+" ", 5+random.IntN(60))
		}
		position = task.PositionAfter(position)
		created := start.Add(time.Duration(i) * time.Minute)
		var completed, due, on *time.Time
		var project *string
		if i%10 != 9 {
			at := created.Add(time.Hour)
			completed = &at
		}
		if i%3 < 2 {
			at := created.Add(time.Duration(random.IntN(60*24*30)) * time.Minute)
			if due = &at; i%3 == 1 {
				day := task.DateOf(at).Midnight()
				due, on = nil, &day
			}
		}
		tags := []string{}
		if i%7 == 0 {
			name := fmt.Sprintf("Project %d", random.IntN(1000))
			project, tags = &name, append(tags, pick(), fmt.Sprintf("t%d", random.IntN(5000)))
		}
		row := search.RowOf(who.UserID, search.Indexed(int64(i+1)), title, description, project, tags)
		return []any{
			who.UserID, uuid.UUID(newV7(i)), title, description, completed, int16(random.IntN(100) / 97), project, tags, due, on,
			[]string{},
			position, int64(1), created, created.Add(time.Duration(random.IntN(1000)) * time.Minute), row.Text, row.Names, row.Keys, row.Indexed,
		}, nil
	})
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	if _, err := owner.CopyFrom(t.Context(), pgx.Identifier{"task"}, columns, rows); err != nil {
		t.Fatal(err)
	}
}

func newV7(i int) [16]byte {
	var id [16]byte
	id[0], id[1], id[2], id[3], id[4], id[6], id[8] = 1, 0x97, byte(i>>24), byte(i>>16), byte(i>>8), 0x70, 0x80
	id[5] = byte(i)
	return id
}

// TestListsReadLittle: as the role with row-level security, no list or search of a user with very many tasks reads more
// than a few thousand rows, on the first page and on a deep one.
func TestListsReadLittle(t *testing.T) {
	t.Parallel()
	b := setup(t)
	n := planTasks(t)
	who := userlogtest.Principal()
	fillTasks(t, b, who, n)
	owner := b.Connect(t, "taskwire_owner", uuid.Nil)
	// Others, so that the average user has few tasks: that is what the planner knows.
	const others = `
INSERT INTO task (user_id, id, title, description, priority, tags, reminders, position, version, created_at, updated_at, search, keys, indexed)
SELECT gen_random_uuid(), gen_random_uuid(), 'other', '', 0, '{}', '{}', 'a0', 1, now(), now(), 'other',
  CASE WHEN i % 2 = 0 THEN ARRAY[i] END, i % 2 = 0 FROM generate_series(1, 20000) i`
	if _, err := owner.Exec(t.Context(), others); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), "VACUUM ANALYZE task"); err != nil {
		t.Fatal(err)
	}
	app := b.Connect(t, "taskwire_app", who.UserID)
	if _, err := app.Exec(t.Context(), "SET jit = off; SET max_parallel_workers_per_gather = 0"); err != nil {
		t.Fatal(err)
	}
	most := 2*5000 + 2000 + 2*201
	sorts := []string{"due_at", "created_at", "updated_at", "priority", "title", "position"}
	queries := []string{}
	for _, sort := range sorts {
		for _, way := range []string{"", "-"} {
			for _, status := range []string{"open", "completed", "all"} {
				queries = append(queries, "sort="+way+sort+"&status="+status)
			}
		}
		for _, q := range []string{
			"q=xylophone", "q=ylopho", "q=dentist", "q=会議", "q=zzz", "q=j", "q=%25", "q=invoice+xylophone", "q=12345",
			"project=project+77", "tag=T77", "tag=dentist&status=open", "priority=low", "priority=high", "due_after=2099-01-01T00:00:00Z",
			"due_before=2024-01-02T00:00:00Z", "due_on=2024-02-02",
			"parent_id=01970000-0000-7000-8000-000000000000",
		} {
			queries = append(queries, q+"&sort="+sort, q+"&sort=-"+sort)
		}
	}
	var slow []time.Duration
	for _, query := range queries {
		values, _ := url.ParseQuery(query)
		q, err := list.Parse(values)
		if err != nil {
			t.Fatal(err)
		}
		q.Zone = wallclock.Zone("America/New_York")
		// A cursor in the middle: that of a task there.
		middle := b.middle(t, who, q, n/2)
		for _, after := range []*list.SortKey{nil, middle} {
			q.After = after
			start := time.Now()
			if _, err := b.tasks.List(t.Context(), who, q); err != nil {
				t.Errorf("%s: %v", query, err)
			}
			slow = append(slow, time.Since(start))
			if read := rowsRead(t, app, who, q, ""); read > most {
				t.Errorf("%s after %v walks through %d rows", query, after != nil, read)
			}
			walked, err := b.tasks.page(t.Context(), who, q, "", keepsOrder)
			if err != nil {
				t.Fatal(err)
			}
			if by := driver(q); by != "" && walked.Next == nil {
				if read := rowsRead(t, app, who, q, by); read > most {
					t.Errorf("%s after %v by %s reads %d rows", query, after != nil, by, read)
				}
			}
		}
	}
	slices.Sort(slow)
	t.Logf("%d tasks, %d lists: median %v, p99 %v, slowest %v", n, len(slow), slow[len(slow)/2], slow[len(slow)*99/100], slow[len(slow)-1])
}

// middle returns the key of the task in the middle of q's sort.
func (b bundle) middle(t *testing.T, who token.Principal, q list.Query, at int) *list.SortKey {
	t.Helper()
	task, err := b.tasks.Get(t.Context(), who, newV7(at))
	if err != nil {
		t.Fatal(err)
	}
	return q.Key(task)
}

type plan struct {
	Rows    float64 `json:"Actual Rows"`
	Loops   float64 `json:"Actual Loops"`
	Removed float64 `json:"Rows Removed by Filter"`
	Plans   []plan  `json:"Plans"`
}

// rows is the most rows that any part of the plan reads.
func (p plan) rows() int {
	most := int((p.Rows + p.Removed) * p.Loops)
	for _, part := range p.Plans {
		most = max(most, part.rows())
	}
	return most
}

func rowsRead(t *testing.T, app *pgx.Conn, who token.Principal, q list.Query, by string) int {
	t.Helper()
	query, args := statementOf(who, q, by)
	tx, err := app.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	set := judgeArguments
	if by == "" {
		set = keepOrder
	}
	marks := make([]string, len(args))
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(i+1)
	}
	for _, statement := range []string{set, "DEALLOCATE ALL", "PREPARE listed AS " + query} {
		if _, err := tx.Exec(t.Context(), statement, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	var raw []byte
	explain := "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE listed (" + strings.Join(marks, ", ") + ")"
	if err := tx.QueryRow(t.Context(), explain, append([]any{pgx.QueryExecModeSimpleProtocol}, args...)...).Scan(&raw); err != nil {
		t.Fatal(err)
	}
	var plans []struct{ Plan plan }
	if err := json.Unmarshal(raw, &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan.rows()
}
