package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"

	"taskwire.dev/e2e/stack"
)

// onCluster reports whether Taskwire runs on Kubernetes and the tests in a pod beside it, which cannot start or stop a
// stack and has no Node.js.
var onCluster = os.Getenv("TASKWIRE_CLUSTER") != ""

// laptop has the addresses and credentials of the stack, if it is not a cluster.
var laptop = sync.OnceValues(func() (stack.Values, error) {
	s, err := stack.Open(profileName())
	if err != nil {
		return stack.Values{}, err
	}
	return s.Values(context.Background())
})

// operator is the operators' program, and the database's address with the operators' role.
var operator = sync.OnceValues(func() (o struct{ program, database string }, err error) {
	if onCluster {
		o.program, o.database = "migrate", os.Getenv("TASKWIRE_DATABASE_URL")
		return o, nil
	}
	values, err := laptop()
	o.program, o.database = filepath.Join(values.Bin, "migrate"), values.Database["owner"]
	return o, err
})

// profileName is the profile under test.
func profileName() string {
	if profile := os.Getenv("TASKWIRE_PROFILE"); profile != "" {
		return profile
	}
	return "test"
}

// operate runs the operators' command.
func operate(ctx context.Context, args ...string) error {
	o, err := operator()
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, o.program, args...)
	command.Env = append(os.Environ(), "DATABASE_URL="+o.database)
	if said, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("migrate %s: %w: %.2000s", args[0], err, said)
	}
	return nil
}
