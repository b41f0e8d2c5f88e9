package sized

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// line is a line of the table of times.
type line struct {
	name      string
	walls     []time.Duration
	cpus      []time.Duration
	target    time.Duration
	slowest   string // the case whose median is the longest
	worstCase time.Duration
}

// time times the calls of each case and appends a table to a file.
func (d Database) time(t *testing.T, file, title string, cases []Case) {
	watch := newStopwatch(t, d)
	var lines []*line
	for _, c := range cases {
		name := cmp.Or(c.Group, c.Name)
		at := slices.IndexFunc(lines, func(l *line) bool { return l.name == name })
		if at < 0 {
			at = len(lines)
			lines = append(lines, &line{name: name, target: cmp.Or(c.Target, defaultTarget)})
		}
		walls, cpus := c.times(t, watch)
		lines[at].add(c, walls, cpus)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n### %s\n\nA user with %d tasks beside %d with 100 each; milliseconds.\n\n", title, d.Tasks, d.Users)
	fmt.Fprint(&b, "| | calls | p50 | p99 | CPU p50 | CPU p99 | target | the slowest, and its median of CPU |\n|---|--:|--:|--:|--:|--:|---|---|\n")
	for _, l := range lines {
		slices.Sort(l.walls)
		slices.Sort(l.cpus)
		n := len(l.walls)
		p99, met := l.cpus[n*99/100], "met"
		if p99 > l.target {
			met = "**not met**"
		}
		fmt.Fprintf(&b, "| %s | %d | %.1f | %.1f | %.1f | %.1f | %.0f: %s | %s %.1f |\n", l.name, n, ms(l.walls[n/2]), ms(l.walls[n*99/100]),
			ms(l.cpus[n/2]), ms(p99), ms(l.target), met, l.slowest, ms(l.worstCase))
	}
	out, err := os.OpenFile(file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if _, err := out.WriteString(b.String()); err != nil {
		t.Fatal(err)
	}
}

// times returns how long the calls of a case took. The first two are not counted: they plan, and fill caches.
func (c Case) times(t *testing.T, watch *stopwatch) (walls, cpus []time.Duration) {
	for n := range 2 + cmp.Or(c.Calls, 200) {
		c.prepare(t)
		if n < 3 {
			watch.find(t)
		}
		start, used := time.Now(), watch.used(t)
		if err := c.Call(t.Context()); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		walls, cpus = append(walls, time.Since(start)), append(cpus, watch.used(t)-used)
	}
	return walls[2:], cpus[2:]
}

func (l *line) add(c Case, walls, cpus []time.Duration) {
	l.walls, l.cpus = append(l.walls, walls...), append(l.cpus, cpus...)
	slices.Sort(cpus)
	if median := cpus[len(cpus)/2]; median > l.worstCase {
		if l.worstCase = median; c.Group != "" {
			l.slowest = c.Name
		}
	}
}

// stopwatch adds up the CPU time of this process and of the sessions of a database, whose server runs on this machine. On a
// machine that has other work to do, it tells more than the time that passes.
type stopwatch struct {
	conn     *pgx.Conn
	sessions []int
}

func newStopwatch(t *testing.T, d Database) *stopwatch {
	return &stopwatch{conn: d.Connect(t, "taskwire_owner", "")}
}

// find looks for the sessions of the pools.
func (w *stopwatch) find(t *testing.T) {
	rows, err := w.conn.Query(t.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	if err != nil {
		t.Fatal(err)
	}
	if w.sessions, err = pgx.CollectRows(rows, pgx.RowTo[int]); err != nil {
		t.Fatal(err)
	}
}

func (w *stopwatch) used(t *testing.T) time.Duration {
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		t.Fatal(err)
	}
	used := time.Duration(self.Utime.Nano() + self.Stime.Nano())
	for _, session := range w.sessions {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", session))
		if err != nil {
			continue // closed, or the server is elsewhere
		}
		first, _, _ := strings.Cut(string(b), " ")
		ns, _ := strconv.ParseInt(first, 10, 64)
		used += time.Duration(ns)
	}
	return used
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
