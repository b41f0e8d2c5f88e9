package cluster

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes one with a commit.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--allow-empty", "-m", "one"},
	} {
		if output, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	return root
}

// What runs in production must be found again.
func TestReadOptions_ProductionIsACommit(t *testing.T) {
	for _, name := range []string{"DATABASE_URL", "REDIS_URL", "KAFKA_BROKERS", "PUBLIC_URL"} {
		t.Setenv(name, "")
	}
	t.Setenv("CLUSTER_REGISTRY", "registry.example.com/taskwire")
	root := repository(t)
	if o, err := ReadOptions(t.Context(), root, Production); err != nil || len(o.Commit.Hash) != 40 {
		t.Errorf("%+v, %v", o.Commit, err)
	}
	if err := os.WriteFile(filepath.Join(root, "changed"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadOptions(t.Context(), root, Production); err == nil || !strings.Contains(err.Error(), "commit or stash them\n  changed") {
		t.Errorf("uncommitted: %v", err)
	}
	if o, err := ReadOptions(t.Context(), root, Kind); err != nil || !strings.HasSuffix(imageName(o.Registry, "tasks", o.Commit), "-dirty") {
		t.Errorf("uncommitted, on kind: %+v, %v", o.Commit, err)
	}
	archive := t.TempDir()
	if _, err := ReadOptions(t.Context(), archive, Production); err == nil {
		t.Error("an archive without a commit is deployed to production")
	}
	if o, err := ReadOptions(t.Context(), archive, Kind); err != nil || o.Commit.Tag() != "latest" {
		t.Errorf("an archive, on kind: %+v, %v", o.Commit, err)
	}
}
