// Package cluster tests what only a cluster does: functions that sleep and wake, sources that retry, rolling updates.
// `make cluster-test` deploys Taskwire and describes the cluster in the environment; without that, every test is
// skipped.
package cluster

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"taskwire.dev/e2e/check"
	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/world"
)

// timeout is how long to wait for anything. A small node under load is slow, and these tests do not measure speed.
const timeout = 4 * time.Minute

// place finds the cluster, or skips the test.
func place(t *testing.T) world.Place {
	t.Helper()
	if os.Getenv("TASKWIRE_CLUSTER") == "" {
		t.Skip("TASKWIRE_CLUSTER is not set: make cluster-test sets it")
	}
	return world.Place{
		GatewayURL: os.Getenv("TASKWIRE_URL"), DatabaseURL: os.Getenv("TASKWIRE_DATABASE_URL"),
		KafkaBrokers: os.Getenv("TASKWIRE_KAFKA_BROKERS"), RecoveryTimeout: timeout,
	}
}

// transport is shared, so that connections are reused across tests.
var transport = sync.OnceValue(func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.IdleConnTimeout = time.Second // as in the gateway: a POST must not use a connection that is closing
	return t
})

// newUser registers an account that no other test uses. It waits for auth first, which on a crowded node may take
// longer to start than the gateway waits.
func newUser(ctx context.Context, t *testing.T, at world.Place) (*client.Client, *client.Session) {
	t.Helper()
	awake(ctx, t, "auth")
	c := client.New(at.GatewayURL, transport()).Patient()
	session := check.Must(c.Register(ctx, client.Credentials{
		Email: "cluster." + rand.Text() + "@example.com", Password: rand.Text(), Name: "Ada",
	}))(t)
	return c.As(session.AccessToken), session
}

// measure logs a row of the table with that name in docs/cluster-test.md; the runner extracts it from the output.
func measure(t *testing.T, table string, cells ...string) {
	t.Helper()
	t.Logf("%s: %q", table, cells)
	line := check.Must(json.Marshal(map[string]any{"table": table, "cells": cells}))(t)
	fmt.Printf("@measured %s\n", line)
}
