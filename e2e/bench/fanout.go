package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"taskwire.dev/e2e/bench/contender"
	"taskwire.dev/e2e/bench/generator"
)

// fanOut is what it costs to deliver one user's changes to many streams.
type fanOut struct {
	Rows []fanOutRow
	Left map[string]error
}

type fanOutRow struct {
	Name string
	contender.FanOut
}

// fanOutStreams are the numbers of streams of one user.
var fanOutStreams = []int{50, 5000}

func (b *bench) fanOuts(ctx context.Context, o options) (out fanOut, err error) {
	others, err := b.startOthers(ctx, o)
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, others.close(ctx)) }()
	out.Left = others.Left
	own, err := contender.OpenTaskwire(ctx, b.stack, b.tokens)
	if err != nil {
		return out, err
	}
	names, hubs := append([]string{ofTaskwire}, others.names...), append([]contender.Hub{own}, others.hubs...)
	for _, streams := range fanOutStreams {
		for i, h := range hubs {
			found, err := contender.FanOutTo(ctx, h, min(streams, o.streams), changeBytes, o.scaled(6))
			if err != nil && (names[i] == ofTaskwire || ctx.Err() != nil) {
				return out, fmt.Errorf("%s, %d streams: %w", names[i], streams, err)
			}
			if err != nil {
				leave(out.Left, names[i], err)
				continue
			}
			fmt.Fprintf(os.Stderr, "  %s, %d streams: %.0f deliveries/s, %v each\n", names[i], streams, found.PerSecond, found.Each)
			out.Rows = append(out.Rows, fanOutRow{names[i], found})
		}
	}
	return out, nil
}

// of finds a row.
func (f *fanOut) of(name string, streams int) (contender.FanOut, bool) {
	if f == nil {
		return contender.FanOut{}, false
	}
	for _, row := range f.Rows {
		if row.Name == name && row.Streams == streams {
			return row.FanOut, true
		}
	}
	return contender.FanOut{}, false
}

func (f *fanOut) markdown(b *strings.Builder) {
	b.WriteString("\n### Fan-out\n\nOne user writes over one connection, with at most eight changes under way, to all of the user's streams. The CPU time is that of all processes " +
		"except the load generator, which reads the streams; it includes the write. Latencies in milliseconds.\n\n")
	b.WriteString("| streams | system | deliveries/s | CPU per delivery in µs | write to another screen p50 | p99 |\n|--:|---|--:|--:|--:|--:|\n")
	for _, row := range f.Rows {
		fmt.Fprintf(b, "| %d | %s | %.0f | %.1f | %s | %s |\n", row.Streams, row.Name, row.PerSecond, float64(row.Each)/float64(time.Microsecond),
			generator.Milliseconds(row.Screen.P50), generator.Milliseconds(row.Screen.P99))
	}
	leftOut(b, f.Left)
}
