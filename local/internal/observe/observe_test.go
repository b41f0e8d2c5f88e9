package observe_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"taskwire.dev/local/internal/observe"
	"taskwire.dev/local/internal/supervise"
)

// engines returns every part, with a folder for its files.
func engines(t *testing.T) (dir string, parts []supervise.Part) {
	t.Helper()
	dir = t.TempDir()
	binary := filepath.Join(dir, "binary")
	if err := os.WriteFile(binary, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	alerts := observe.VMAlert{Binary: binary, Port: 18021, Metrics: 18020, Rules: "/repo/rules/*.yaml"}
	metrics := observe.VictoriaMetrics{
		Binary: binary, Dir: dir, Port: 18020, Alerts: alerts,
		Sidecars: []observe.Target{{Name: "tasks", Port: 18203}},
	}
	for _, engine := range []interface {
		Part() (supervise.Part, error)
	}{alerts, metrics, observe.Jaeger{Binary: binary, FirstPort: 18022}} {
		part, err := engine.Part()
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part)
	}
	return dir, parts
}

func TestParts_BindToLoopbackWithBoundedMemory(t *testing.T) {
	t.Parallel()
	_, parts := engines(t)
	for _, part := range parts {
		listens := 0
		for _, arg := range part.Args {
			flag, value, _ := strings.Cut(arg, "=")
			if !strings.HasSuffix(flag, "host-port") && !strings.HasSuffix(flag, "httpListenAddr") {
				continue
			}
			listens++
			if !strings.HasPrefix(value, "127.0.0.1:") {
				t.Errorf("%s: %s is not on loopback", part.Name, arg)
			}
		}
		if listens == 0 {
			t.Errorf("%s listens on its default address", part.Name)
		}
		if !strings.Contains(strings.Join(part.Env, " "), "GOMEMLIMIT=") {
			t.Errorf("%s has no memory limit", part.Name)
		}
	}
}

func TestVictoriaMetrics_ScrapesTheSidecars(t *testing.T) {
	t.Parallel()
	dir, _ := engines(t)
	content, err := os.ReadFile(filepath.Join(dir, "scrape.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if want := `- targets: ["127.0.0.1:18203"]
        labels: { service_name: "tasks" }`; !strings.Contains(string(content), want) {
		t.Errorf("%s is missing in\n%s", want, content)
	}
}
