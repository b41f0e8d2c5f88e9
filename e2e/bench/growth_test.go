package main

import (
	"math"
	"strings"
	"testing"
)

func TestCurve_FitsALine(t *testing.T) {
	t.Parallel()
	c := curve{Points: []point{{1, 12}, {10, 31}, {100, 209}, {1000, 2011}}}
	a, b := c.line()
	if math.Abs(a-10) > 1 || math.Abs(b-2) > 0.01 {
		t.Errorf("fitted %g + %g·n, want about 10 + 2·n", a, b)
	}
}

func TestGrowth_ShowsTheCostOfMore(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	growth(&out, []curve{{"streams", "memory in KB", "%s KB each", 1, []point{{1, 100}, {1001, 2100}}}})
	if !strings.Contains(out.String(), "98 + 2·n | 2 KB each") {
		t.Errorf("got\n%s", out.String())
	}
}
