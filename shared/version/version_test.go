package version

import (
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestRecorded(t *testing.T) {
	t.Parallel()
	for want, settings := range map[string][]debug.BuildSetting{
		"":           {{Key: "vcs.modified", Value: "true"}},
		"abc1":       {{Key: "vcs.revision", Value: "abc1"}, {Key: "vcs.modified", Value: "false"}},
		"abc1-dirty": {{Key: "vcs.modified", Value: "true"}, {Key: "vcs.revision", Value: "abc1"}},
	} {
		if got := recorded(settings); got != want {
			t.Errorf("%v: %q, want %q", settings, got, want)
		}
	}
}

// A misspelt variable would be ignored by the linker without a word.
func TestLinked_IsTheVariableThatImagesAreBuiltWith(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "version.test")
	for _, command := range [][]string{
		{"go", "test", "-c", "-vet=off", "-ldflags=-X taskwire.dev/shared/version.linked=abc2", "-o", out, "."},
		{out, "-test.run=TestPrintCommit", "-test.v"},
	} {
		output, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", command, err, output)
		}
		if command[0] == out && !strings.Contains(string(output), "commit=abc2\n") {
			t.Errorf("%s", output)
		}
	}
}

// TestPrintCommit is the program of the test above.
func TestPrintCommit(t *testing.T) { t.Log("commit=" + Commit()) }
