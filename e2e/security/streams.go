package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"taskwire.dev/e2e/client"
)

// streamsPerUser is the limit per user (STREAM_MAX_PER_USER of the gateway).
const streamsPerUser = 50

func manyStreams(ctx context.Context, a *arena) error {
	attacker, err := a.register(ctx, a.host(0))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, a.hold())
	defer cancel()
	clients := make([]*client.Client, 6)
	for i := range clients {
		clients[i] = a.clientFrom(a.host(i)).As(attacker.Token())
	}
	var open atomic.Int32
	parallel(ctx, 1000, 1000, func(i int) {
		s, err := clients[i%len(clients)].OpenStream(ctx, "", nil)
		var refused *client.StatusError
		switch {
		case err == nil:
			if n := open.Add(1); n > streamsPerUser {
				a.fault("%d streams of one user are open at once", n)
			}
			a.count(&client.Response{Status: http.StatusOK}, nil)
			defer s.Close()
			defer open.Add(-1) // at the end streams are closed while others are still being opened
		case errors.As(err, &refused):
			a.count(refused.Response, nil)
		default:
			a.count(nil, err)
		}
		<-ctx.Done()
	})
	return nil
}
