package logs_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskwire.dev/local/internal/logs"
)

const (
	traceA = "4bf92f3577b34da6a3ce929d0e0e4736"
	traceB = "0af7651916cd43dd8448eb211c80319c"
)

// written is what two functions and a sidecar wrote.
var written = map[string]string{
	"gateway": `{"time":"2026-11-26T08:00:01Z","level":"INFO","msg":"request","function":"gateway","trace_id":"` + traceA + `","request_id":"","status":200}
{"time":"2026-11-26T08:00:03.5Z","level":"ERROR","msg":"no answer","function":"gateway","trace_id":"` + traceB + `","err":"dial tcp: refused"}
panic: not JSON
`,
	"tasks": `{"time":"2026-11-26T08:00:02Z","level":"WARN","msg":"slow","function":"tasks","trace_id":"` + traceA + `","took":{"ms":900}}
{"time":"2026-11-26T08:00:04Z","level":"DEBUG","msg":"idle","function":"tasks"}
`,
	"tasks-dapr": "time=\"2026-11-26T08:00:02Z\" level=error msg=\"not JSON\"\n",
}

// show returns the lines of the named logs.
func show(t *testing.T, view logs.View, names ...string) []string {
	t.Helper()
	local := time.Local
	time.Local = time.UTC
	t.Cleanup(func() { time.Local = local })
	dir := t.TempDir()
	var paths []string
	for _, name := range names {
		path := filepath.Join(dir, name+".log")
		if err := os.WriteFile(path, []byte(written[name]), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if view.Lines == 0 {
		view.Lines = 20
	}
	var out strings.Builder
	if err := logs.Show(t.Context(), &out, paths, view); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestShow_ChoosesAndFormatsLines(t *testing.T) {
	all := []string{"gateway", "tasks", "tasks-dapr"}
	for name, test := range map[string]struct {
		view logs.View
		of   []string
		want []string
	}{
		"all lines of one log, readable": {of: []string{"gateway"}, want: []string{
			"08:00:01.000 INFO  request  trace_id=" + traceA + "  status=200",
			`08:00:03.500 ERROR no answer  trace_id=` + traceB + `  err="dial tcp: refused"`,
			"panic: not JSON",
		}},
		"the last lines": {view: logs.View{Lines: 1}, of: []string{"gateway", "tasks"}, want: []string{
			"gateway | panic: not JSON",
			"tasks   | 08:00:04.000 DEBUG idle",
		}},
		"from a level on, in the order of their times": {view: logs.View{Level: slog.LevelWarn}, of: all, want: []string{
			"tasks      | 08:00:02.000 WARN  slow  trace_id=" + traceA + `  took={"ms":900}`,
			"gateway    | 08:00:03.500 ERROR no answer  trace_id=" + traceB + `  err="dial tcp: refused"`,
		}},
		"of one trace": {view: logs.View{Trace: traceA, Lines: 1}, of: all, want: []string{
			"gateway    | 08:00:01.000 INFO  request  trace_id=" + traceA + "  status=200",
			"tasks      | 08:00:02.000 WARN  slow  trace_id=" + traceA + `  took={"ms":900}`,
		}},
		"of one trace and from a level on": {view: logs.View{Trace: traceA[:8], Level: slog.LevelWarn}, of: all, want: []string{
			"tasks      | 08:00:02.000 WARN  slow  trace_id=" + traceA + `  took={"ms":900}`,
		}},
		"as written": {view: logs.View{JSON: true, Level: slog.LevelError}, of: all, want: []string{
			strings.Split(written["gateway"], "\n")[1],
		}},
		"as written, without lines that are not JSON": {
			view: logs.View{JSON: true}, of: []string{"gateway", "tasks-dapr"},
			want: strings.Split(written["gateway"], "\n")[:2],
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := show(t, test.view, test.of...); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// TestShow_FollowsALineThatIsWrittenInTwoPieces: it is shown once it is complete.
func TestShow_FollowsALineThatIsWrittenInTwoPieces(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.log")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	write := func(text string) {
		if _, err := file.WriteString(text); err != nil {
			t.Error(err)
		}
	}
	write(`{"level":"WARN","ms`)
	out := make(lines)
	go func() {
		_ = logs.Show(t.Context(), out, []string{path}, logs.View{Lines: 1, Follow: true, Level: slog.LevelWarn})
	}()
	write("g\":\"whole\"}\n")
	if got := <-out; got != "WARN  whole\n" {
		t.Errorf("got %q", got)
	}
}

// lines is a writer that passes on each write.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

func TestShow_NamesAnUnknownLog(t *testing.T) {
	err := logs.Show(t.Context(), make(lines), []string{"/nowhere/tusks.log"}, logs.View{})
	if err == nil || err.Error() != `no log is named "tusks"` {
		t.Errorf("got %v", err)
	}
}
