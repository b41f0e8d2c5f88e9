package e2e

import (
	"context"
	"os"
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

// profileName is the profile under test.
func profileName() string {
	if profile := os.Getenv("TASKWIRE_PROFILE"); profile != "" {
		return profile
	}
	return "test"
}

// operate runs the operators' command.
func operate(ctx context.Context, args ...string) error {
	if onCluster {
		return stack.Operate(ctx, "migrate", os.Getenv("TASKWIRE_DATABASE_URL"), args...)
	}
	values, err := laptop()
	if err != nil {
		return err
	}
	return values.Operate(ctx, args...)
}
