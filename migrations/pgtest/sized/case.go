package sized

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"taskwire.dev/shared/postgres"
)

// Case is a call of a function of the product.
type Case struct {
	Name string
	// Group is the line of the table of times that the case counts for; its name, unless that is set.
	Group string
	Call  func(context.Context) error
	// Rows and Pages are the most that one call may read, of tables and indexes. A page has 8 KB.
	Rows, Pages int
	// Before makes what the call uses up; it is not part of it.
	Before func(context.Context) error
	// Target is how much CPU time, of the function and of PostgreSQL, all but one in a hundred calls may take.
	Target time.Duration
	// Calls is how many are timed; 200 unless it is set.
	Calls int
	// Planned says that the call makes PostgreSQL plan in one way only, so that one is enough to read its plans.
	Planned bool
}

// calls is how often a call's plans are read: PostgreSQL may choose another plan from the sixth time on.
const calls = 7

// defaultTarget is what the product promises of everything but searches.
const defaultTarget = 50 * time.Millisecond

// OpenPool opens a pool of a role, as the function has it.
type OpenPool func(role string) *postgres.Pool

// Run runs each case, and fails if it reads a table from end to end, or more than it may. With TEST_SIZE_TIMES, the name of
// a file, it then times the calls and appends a table of them.
func Run(t *testing.T, db Database, title string, cases func(OpenPool) []Case) {
	t.Helper()
	var record recorder
	for _, c := range cases(db.pools(t, postgres.Config{OnNotice: record.notice})) {
		t.Run(c.Name, func(t *testing.T) { c.checkPlans(t, &record) })
	}
	if file := os.Getenv("TEST_SIZE_TIMES"); file != "" && !t.Failed() {
		db.time(t, file, title, cases(db.pools(t, postgres.Config{})))
	}
}

// pools opens pools that explain if the configuration has somewhere to send notices to.
func (d Database) pools(t *testing.T, c postgres.Config) OpenPool {
	return func(role string) *postgres.Pool {
		t.Helper()
		c.URL, c.MaxConns, c.ByKey = d.URL(role), 4, role == "taskwire_outbox" || role == "taskwire_stream" // as in the functions
		if c.OnNotice != nil {
			c.URL = explaining(c.URL)
		}
		pool, err := postgres.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(pool.Close)
		return pool
	}
}

func (c Case) checkPlans(t *testing.T, record *recorder) {
	var most read
	n := calls
	if c.Planned {
		n = 1
	}
	for range n {
		c.prepare(t)
		record.take()
		if err := c.Call(t.Context()); err != nil {
			t.Fatal(err)
		}
		statements := record.take()
		r := sum(statements)
		if len(statements) == 0 || len(r.unreadable) > 0 {
			t.Fatalf("%d plans, of which these cannot be read: %s", len(statements), r.unreadable)
		}
		if len(r.scanned) > 0 {
			t.Fatalf("reads all of %s:\n%s", r.scanned, explain(statements))
		}
		if r.rows > c.Rows || r.pages > c.Pages {
			t.Fatalf("reads %d rows and %d pages; at most %d and %d are allowed:\n%s", r.rows, r.pages, c.Rows, c.Pages, explain(statements))
		}
		most.rows, most.pages = max(most.rows, r.rows), max(most.pages, r.pages)
	}
	t.Logf("%d rows, %d pages", most.rows, most.pages)
}

func (c Case) prepare(t *testing.T) {
	if c.Before != nil {
		if err := c.Before(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// explain shows the parts of plans that read.
func explain(statements []executed) string {
	var b strings.Builder
	var show func(n node, depth int)
	show = func(n node, depth int) {
		fmt.Fprintf(&b, "%s%s %s %s: %.0f rows, %.0f removed, %.0f times, %d pages\n", strings.Repeat("  ", depth), n.Type, n.Relation, n.Index,
			n.Rows, n.Filtered+n.Rechecked, n.Loops, n.FromCache+n.FromKernel)
		for _, child := range n.Children {
			show(child, depth+1)
		}
	}
	for _, s := range statements {
		fmt.Fprintln(&b, strings.Join(strings.Fields(s.Query), " "))
		show(s.Plan, 1)
	}
	return b.String()
}
