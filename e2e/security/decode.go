package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
)

// largestRefusal is the longest allowed response to a bad request: it lists at most 20 errors.
const largestRefusal = 64 << 10

const mebibyte = 1 << 20

// nasty sends one body many times concurrently. A connection may be closed in the middle of it; a response must be a
// rejection, and a short one.
func (a *arena) nasty(ctx context.Context, token, path, body string) {
	for range dose(a, 2, 1) {
		parallel(ctx, dose(a, 64, 16), dose(a, 64, 16), func(i int) {
			resp, err := a.send(ctx, a.host(i%6), raw{method: http.MethodPost, target: path, token: token, body: body})
			switch {
			case err != nil:
			case resp.Status/100 == 4 || resp.Status == http.StatusServiceUnavailable:
				if len(resp.Body) > largestRefusal {
					a.fault("an answer of %d kB to a body of %d kB", len(resp.Body)>>10, len(body)>>10)
				}
			default:
				a.fault("answered with %d", resp.Status)
			}
		})
	}
}

// asUser sends a body with an account's token.
func (a *arena) asUser(ctx context.Context, path, body string) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	a.nasty(ctx, attacker.Token(), path, body)
	return ctx.Err()
}

// members is an object of many unknown members.
func members(size int) string {
	var b strings.Builder
	b.WriteString(`{"title":"x"`)
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `,"m%d":%d`, i, i%10)
	}
	return b.String() + "}"
}

func unknownMembers(ctx context.Context, a *arena) error {
	return a.asUser(ctx, "/api/todos", members(4*mebibyte-100))
}

func unknownLoginMembers(ctx context.Context, a *arena) error {
	a.nasty(ctx, "", "/api/auth/login", members(64<<10-100))
	return ctx.Err()
}

func millionOperations(ctx context.Context, a *arena) error {
	return a.asUser(ctx, "/api/todos/batch", `{"operations":[{}`+strings.Repeat(",{}", 1_000_000)+"]}")
}

func manyTags(ctx context.Context, a *arena) error {
	return a.asUser(ctx, "/api/todos", `{"title":"x","tags":["a"`+strings.Repeat(`,"a"`, 400_000)+"]}")
}

func deepNesting(ctx context.Context, a *arena) error {
	return a.asUser(ctx, "/api/todos", `{"title":`+strings.Repeat("[", 1_000_000)+strings.Repeat("]", 1_000_000)+"}")
}
