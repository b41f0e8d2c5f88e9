package sized

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// recorder collects the plans of the statements that the connections of a pool run, as auto_explain sends them.
type recorder struct {
	mu       sync.Mutex
	executed []executed
}

// executed is a statement that was run.
type executed struct {
	Query  string `json:"Query Text"`
	Plan   node   `json:"Plan"`
	nested bool   // in a function, whose statement counts its pages too
}

// node is a part of a plan.
type node struct {
	Type       string  `json:"Node Type"`
	Relation   string  `json:"Relation Name"`
	Index      string  `json:"Index Name"`
	Rows       float64 `json:"Actual Rows"`
	Loops      float64 `json:"Actual Loops"`
	Filtered   float64 `json:"Rows Removed by Filter"`
	Rechecked  float64 `json:"Rows Removed by Index Recheck"`
	FromCache  int     `json:"Shared Hit Blocks"`
	FromKernel int     `json:"Shared Read Blocks"`
	Children   []node  `json:"Plans"`
}

// explaining returns a URL whose sessions send the plan of each statement as a notice. The role that logs in must be a
// superuser, as that of tests is.
func explaining(address string) string {
	u, _ := url.Parse(address) // pgtest has made it
	q := u.Query()
	for name, value := range map[string]string{
		"session_preload_libraries": "auto_explain", "auto_explain.log_min_duration": "0", "auto_explain.log_level": "notice",
		"auto_explain.log_analyze": "on", "auto_explain.log_timing": "off", "auto_explain.log_buffers": "on", "auto_explain.log_format": "json",
		"auto_explain.log_nested_statements": "on",
	} {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String()
}

func (r *recorder) notice(_ *pgconn.PgConn, notice *pgconn.Notice) {
	_, plan, ok := strings.Cut(notice.Message, "plan:\n")
	if !ok {
		return
	}
	e := executed{nested: notice.Where != ""}
	if err := json.Unmarshal([]byte(plan), &e); err != nil {
		e.Query = fmt.Sprintf("%v: %s", err, plan)
		e.Plan.Type = "unreadable"
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.executed = append(r.executed, e)
}

// take returns what was run since the last call.
func (r *recorder) take() []executed {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.executed
	r.executed = nil
	return taken
}

// read is how much a call has read, over all its statements.
type read struct {
	rows, pages int
	scanned     []string // tables that were read from end to end
	unreadable  []string
}

// smallTable is how many rows may be read from end to end: a few pages are found faster so than by an index.
const smallTable = 1000

func sum(statements []executed) (r read) {
	for _, s := range statements {
		if s.Plan.Type == "unreadable" {
			r.unreadable = append(r.unreadable, s.Query)
		}
		if !s.nested {
			r.pages += s.Plan.FromCache + s.Plan.FromKernel
		}
		s.Plan.add(&r)
	}
	return r
}

// add adds the rows that the scans of a plan have read, with those that their filters removed.
func (n node) add(r *read) {
	switch {
	case n.Type == "Seq Scan":
		if (n.Rows+n.Filtered)*n.Loops > smallTable && !slices.Contains(r.scanned, n.Relation) {
			r.scanned = append(r.scanned, n.Relation)
		}
	case n.Relation != "" || n.Index != "":
		r.rows += int((n.Rows + n.Filtered + n.Rechecked) * n.Loops)
	}
	for _, child := range n.Children {
		child.add(r)
	}
}
