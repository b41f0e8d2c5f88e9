package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"time"

	"taskwire.dev/e2e/bench/generator"
	"taskwire.dev/e2e/client"
)

// request is a request whose time may depend on how many tasks its user has.
type request struct {
	figure string
	path   string
	query  url.Values
}

// growRequests are the requests.
var growRequests = []request{
	{"the first page of the list", "/api/todos", url.Values{"limit": {"50"}}},
	{"the first page by title", "/api/todos", url.Values{"limit": {"50"}, "sort": {"title"}}},
	{"a search for a word of one task in ten", "/api/todos", url.Values{"q": {"zebra"}}},
	{"a search for a word of none", "/api/todos", url.Values{"q": {"quagga"}}},
}

// zebraTitle gives one task in ten the word that is searched for.
func zebraTitle(n int) string {
	if n%10 == 0 {
		return fmt.Sprintf("Task %d of a zebra", n)
	}
	return fmt.Sprintf("Task %d", n)
}

// growRepeats is how often each request is made for a point; the median counts.
const growRepeats = 9

// growTasks measures requests of one user with 1,000, 10,000, … tasks, all made by the API.
func (b *bench) growTasks(ctx context.Context, o options) ([]curve, error) {
	users, err := generator.Register(ctx, "http://"+b.address, 1)
	if err != nil {
		return nil, err
	}
	tokens, err := users.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	c := client.New("http://"+b.address, http.DefaultTransport).As(tokens[0])
	curves := make([]curve, 0, len(growRequests)+1)
	for _, r := range growRequests {
		curves = append(curves, curve{Of: "tasks of one user", Figure: r.figure + ", in ms", Meaning: "each further thousand tasks add %s ms", Per: 1000})
	}
	curves = append(curves, curve{Of: "tasks of one user", Figure: "creating a task, in ms", Meaning: "each further thousand tasks add %s ms", Per: 1000})
	have := 0
	for n := 1000; n <= o.tasks; n *= 10 {
		if err := b.importTasks(ctx, tokens[0], n-have, zebraTitle); err != nil {
			return nil, err
		}
		have = n
		if err := b.outboxEmpty(ctx); err != nil {
			return nil, err
		}
		for i, r := range growRequests {
			took, err := medianTime(func() (time.Duration, error) {
				return timed(func() error { return get(ctx, c, r) })
			})
			if err != nil {
				return nil, fmt.Errorf("%s with %d tasks: %w", r.figure, n, err)
			}
			curves[i].Points = append(curves[i].Points, point{float64(n), took})
		}
		took, err := medianTime(func() (time.Duration, error) { return createTime(ctx, c) })
		if err != nil {
			return nil, err
		}
		last := &curves[len(curves)-1]
		last.Points = append(last.Points, point{float64(n), took})
		fmt.Fprintf(os.Stderr, "  %d tasks\n", n)
	}
	return curves, nil
}

func get(ctx context.Context, c *client.Client, r request) error {
	resp, err := c.Do(ctx, client.Request{Method: http.MethodGet, Path: r.path, Query: r.query})
	if err != nil {
		return err
	}
	if resp.Status != http.StatusOK {
		return fmt.Errorf("%d: %.300s", resp.Status, resp.Body)
	}
	return nil
}

// createTime returns how long creating a task takes. The deletion after it, which keeps the number of tasks, does not count.
func createTime(ctx context.Context, c *client.Client) (time.Duration, error) {
	var made *client.Task
	took, err := timed(func() (err error) {
		made, err = c.CreateTask(ctx, client.Fields{"title": "One more"})
		return err
	})
	if err != nil {
		return 0, err
	}
	return took, c.DeleteTask(ctx, made.ID)
}

func timed(do func() error) (time.Duration, error) {
	begun := time.Now()
	err := do()
	return time.Since(begun), err
}

// medianTime is the median of what some measurements give, in milliseconds.
func medianTime(measure func() (time.Duration, error)) (float64, error) {
	var all []float64
	for range growRepeats {
		took, err := measure()
		if err != nil {
			return 0, err
		}
		all = append(all, float64(took)/float64(time.Millisecond))
	}
	return median(all), nil
}
