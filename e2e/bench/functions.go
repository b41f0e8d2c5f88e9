package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/stack"
)

// functions is the size and the cold start of each function.
type functions struct{ Rows []functionRow }

type functionRow struct {
	Name  string
	Layer int64 // bytes of the program, compressed as a layer of its image
	Start time.Duration
}

// coldStarts is how often each function is started; the median counts.
const coldStarts = 5

// readyLimit is how long a function may take to become ready.
const readyLimit = 20 * time.Second

// functions starts another process of each function beside the running one, with the same environment and another address, and measures
// the time until it says that it is ready.
func (b *bench) functions(ctx context.Context, o options) (out functions, err error) {
	values, err := b.stack.Values(ctx)
	if err != nil {
		return out, err
	}
	for _, name := range slices.Sorted(maps.Keys(values.Functions)) {
		another, err := b.stack.Another(ctx, name)
		if err != nil {
			return out, err
		}
		row := functionRow{Name: name}
		if row.Layer, err = compressed(another.Program); err != nil {
			return out, err
		}
		var took []float64
		for range coldStarts {
			d, err := startOnce(ctx, another)
			if err != nil {
				return out, fmt.Errorf("%s: %w", name, err)
			}
			took = append(took, float64(d))
		}
		row.Start = time.Duration(median(took))
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}

// compressed is the size of a program after gzip, which compresses the layers of images.
func compressed(program string) (int64, error) {
	content, err := os.ReadFile(program)
	if err != nil {
		return 0, err
	}
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		return 0, err
	}
	return int64(out.Len()), w.Close()
}

// startOnce starts a process, waits until it is ready and kills it.
func startOnce(ctx context.Context, another stack.Another) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	process, address, err := another.Command(ctx)
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := process.Start(); err != nil {
		return 0, err
	}
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait() // it was killed
	}()
	for !ready(ctx, address) {
		if err := sleep(ctx, time.Millisecond); err != nil {
			return 0, fmt.Errorf("it is not ready after %v: %w", readyLimit, err)
		}
	}
	return time.Since(begun), nil
}

func ready(ctx context.Context, address string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/health/readiness", nil)
	if err != nil {
		return false
	}
	resp, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// largest is the function with the largest layer, and slowest the one that takes longest to be ready.
func (f *functions) largest() functionRow {
	return slices.MaxFunc(f.Rows, func(a, b functionRow) int { return int(a.Layer - b.Layer) })
}

func (f *functions) slowest() functionRow {
	return slices.MaxFunc(f.Rows, func(a, b functionRow) int { return int(a.Start - b.Start) })
}

func (f *functions) markdown(b *strings.Builder) {
	fmt.Fprintf(b, "\n### Functions\n\nThe size of the layer of an image that holds the program, compressed, and the time from the start of a process until it is ready (the median of %d), "+
		"beside the running system.\n\n| function | layer in MB | ready after, in ms |\n|---|--:|--:|\n", coldStarts)
	for _, row := range f.Rows {
		fmt.Fprintf(b, "| %s | %.1f | %s |\n", row.Name, megabytes(row.Layer), generator.Milliseconds(row.Start))
	}
}
