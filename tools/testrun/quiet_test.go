package testrun

import (
	"slices"
	"strings"
	"testing"
)

func TestQuiet_NamesWhatFailed(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	q := NewQuiet(&out)
	for _, part := range []string{
		"=== RUN   TestA\n=== RUN   TestA/one\n    a_test.go:1: done\n--- PASS: TestA (0.00s)\n    --- PASS: TestA/one (0.00s)\n",
		"=== RUN   TestB\n=== RUN   TestB/two\n    b.go:1: 3, want 4\n=== RUN   TestB/three\n    b_test.go:2: done\n",
		"=== NAME  TestB\n    b_test.go:3: all done\n--- FA", "IL: TestB (0.00s)\n    --- FAIL: TestB/two (0.00s)\n",
		"    --- PASS: TestB/three (0.00s)\nFAIL\nFAIL\texample.org/b\t0.1s\n",
		// Without -v, the reason comes after the name.
		"--- FAIL: TestC (0.00s)\n    c_test.go:1: 5, want 6\nFAIL\nFAIL\texample.org/c\t0.1s\n",
		"    Error: expect(locator).toBeVisible()\n      12 | one\n    > 13 |   two\n",
		"  ✓  1 a page (1s)\n  \x1b[31m✘\x1b[39m  2 another page (1s)\n FAIL  src/a.test.ts > one\n", "panic: test timed out after 1s",
	} {
		if _, err := q.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	q.Flush()
	want := []string{
		"b_test.go:3: all done", "--- FAIL: TestB (0.00s)", "b.go:1: 3, want 4", "--- FAIL: TestB/two (0.00s)", "FAIL\texample.org/b\t0.1s",
		"--- FAIL: TestC (0.00s)", "c_test.go:1: 5, want 6", "FAIL\texample.org/c\t0.1s",
		"Error: expect(locator).toBeVisible()", "> 13 |   two", "✘  2 another page (1s)", "FAIL  src/a.test.ts > one", "panic: test timed out after 1s",
	}
	if got := q.Failed(); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if strings.Contains(out.String(), "=== RUN") || strings.Contains(out.String(), "TestA/one") || !strings.Contains(out.String(), "3, want 4") {
		t.Errorf("printed %q", out.String())
	}
}
