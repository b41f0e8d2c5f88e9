package pgtest

import (
	"fmt"
	"net/url"
	"os"
	"sync"

	"taskwire.dev/migrations/pgtest/throwaway"
)

// server is this process's own; see throwaway.Server.
var server *throwaway.Server //nolint:unused // it is held, not read

// serverURL returns the server to test on, once per process.
var serverURL = sync.OnceValues(func() (*url.URL, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return url.Parse(given)
	}
	var err error
	if server, err = throwaway.Start(os.Getenv("TEST_DATABASE_DIR")); err != nil {
		return nil, fmt.Errorf("TEST_DATABASE_URL is not set: %w", err)
	}
	return server.URL, nil
})
