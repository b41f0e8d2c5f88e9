// Package suite is `make cluster-test`.
package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"taskwire.dev/cluster/internal/cluster"
	"taskwire.dev/tools/progress"
	"taskwire.dev/tools/testrun"
)

// Options of one run on a cluster.
type Options struct {
	Deploy cluster.Options
	// Run limits the tests, those of e2e and of e2e/cluster, as `go test -run` does. No report is written then.
	Run string
	// OnlyCluster leaves out those of e2e, with Run.
	OnlyCluster bool
	// AsItIs tests the existing deployment.
	AsItIs bool
}

// Run deploys Taskwire to a cluster and tests it there. All tests are run, so that one failure does not hide another;
// the results are written to docs/cluster-test.md, unless only a part was requested.
func Run(ctx context.Context, o Options, report *progress.Reporter) error {
	started := time.Now()
	if !o.AsItIs {
		if err := cluster.Deploy(ctx, o.Deploy, report); err != nil {
			return err
		}
	}
	at, err := cluster.Open(ctx, o.Deploy, report)
	if err != nil {
		return err
	}
	deployed := time.Since(started)
	s := &testrun.Run{Report: report}
	var log bytes.Buffer
	tables := map[string][][]string{}
	test := func(name, folder string, args ...string) {
		report.Say("\n── %s", name)
		fmt.Fprintf(&log, "── %s\n", name)
		out := testrun.NewQuiet(&measured{out: io.MultiWriter(os.Stdout, &log), tables: tables})
		began := time.Now()
		err := at.Test(ctx, folder, out, args...)
		out.Flush()
		s.Note(name, time.Since(began), err)
	}
	if o.Run != "" {
		if !o.OnlyCluster {
			test("the same tests as on a laptop", "e2e", "-test.run="+o.Run)
		}
		test("what only a cluster does", "e2e/cluster", "-test.run="+o.Run)
		return s.Conclude()
	}
	began := time.Now()
	images, err := at.Images(ctx)
	s.Note("images: small, and nothing but the program", time.Since(began), err)
	test("the same tests as on a laptop", "e2e")
	test("what only a cluster does", "e2e/cluster")
	err = s.Conclude()
	if ctx.Err() != nil { // ended by the user: what did not run has not failed
		return err
	}
	seen := page{Environment: o.Deploy.Environment, Node: at.Node(ctx), Deployed: deployed, Outcomes: s.Outcomes, Images: images, Tables: tables, Log: log.String()}
	return errors.Join(err, os.WriteFile(filepath.Join(o.Deploy.Root, "docs", "cluster-test.md"), seen.render(), 0o644))
}

// measured extracts the lines with measurements from the tests' output.
type measured struct {
	out    io.Writer
	tables map[string][][]string
}

func (m *measured) Write(line []byte) (int, error) {
	text, found := bytes.CutPrefix(line, []byte("@measured "))
	if !found {
		return m.out.Write(line)
	}
	var one struct {
		Table string
		Cells []string
	}
	if err := json.Unmarshal(text, &one); err != nil {
		return 0, err
	}
	m.tables[one.Table] = append(m.tables[one.Table], one.Cells)
	return len(line), nil
}

// page is docs/cluster-test.md.
type page struct {
	Environment string
	Node        string
	Deployed    time.Duration
	Outcomes    []testrun.Outcome
	Images      [][]string
	Tables      map[string][][]string
	Log         string
}

func (p page) render() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Seen on a cluster\n\nWritten by `make cluster-test` on %s, overlay `%s`, %s.\nThe times are those of this one machine, with whatever else it had to do.\n\n",
		time.Now().UTC().Format("2006-01-02"), p.Environment, p.Node)
	fmt.Fprintf(&b, "Deploying all of it took %.0f s.\n\n", p.Deployed.Seconds())
	b.WriteString("| tests | | seconds |\n|---|---|---|\n")
	for _, o := range p.Outcomes {
		mark := "passed"
		if o.Err != nil {
			mark = "**failed**"
		}
		fmt.Fprintf(&b, "| %s | %s | %.0f |\n", o.Name, mark, o.Took.Seconds())
	}
	table := func(title, header string, rows [][]string) {
		if len(rows) == 0 {
			return
		}
		fmt.Fprintf(&b, "\n## %s\n\n%s\n|%s\n", title, header, strings.Repeat("---|", strings.Count(header, "|")-1))
		for _, row := range rows {
			fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		}
	}
	table("Cold start of each function", "| function | first answer, from zero | sidecar |", p.Tables["cold start"])
	table("Events through sleeping functions", "| what | after |", p.Tables["through sleeping functions"])
	table("Streams", "| what | within |", p.Tables["streams"])
	table("Delivery", "| what | seen |", p.Tables["delivery"])
	table("Under ten writes a second for each core, at most fifty", "| what | until all was well |", p.Tables["under load"])
	table("Replicas", "| what | seen |", p.Tables["replicas"])
	table("Memory of each pod under that load", "| pod | function | sidecar | queue-proxy |", p.Tables["memory"])
	table("Images, compressed, for one architecture", "| image | size |", p.Images)
	fmt.Fprintf(&b, "\n## What the tests said\n\n```\n%s```\n", p.Log)
	return b.Bytes()
}
