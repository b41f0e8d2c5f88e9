package main

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// curve is how a figure grows with a number.
type curve struct {
	Of      string // what grows, such as "users"
	Figure  string // with its unit
	Meaning string // of the cost of Per more
	Per     float64
	Points  []point
}

type point struct{ N, Value float64 }

// line fits Value = a + b·N by least squares.
func (c curve) line() (a, b float64) {
	xs, ys := make([]float64, len(c.Points)), make([]float64, len(c.Points))
	for i, p := range c.Points {
		xs[i], ys[i] = p.N, p.Value
	}
	return stat.LinearRegression(xs, ys, nil, false)
}

func growth(b *strings.Builder, curves []curve) {
	b.WriteString("\n### Growth\n\nThe line a + b·n is fitted to the measured points by least squares; b is what one more costs. A cost that is small beside the spread of the points may as well be nothing.\n\n")
	b.WriteString("| n | figure | measured | a + b·n | meaning |\n|---|---|---|---|---|\n")
	for _, c := range curves {
		var points []string
		for _, p := range c.Points {
			points = append(points, fmt.Sprintf("%s: %s", significant(p.N), significant(p.Value)))
		}
		base, each := c.line()
		fmt.Fprintf(b, "| %s | %s | %s | %s %s %s·n | %s |\n", c.Of, c.Figure, strings.Join(points, ", "), significant(base), sign(each), significant(math.Abs(each)),
			fmt.Sprintf(c.Meaning, significant(each*c.Per)))
	}
}

func sign(v float64) string {
	if v < 0 {
		return "−"
	}
	return "+"
}

// significant shows three significant digits.
func significant(v float64) string {
	if math.Abs(v) >= 1000 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
