package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// architectures is the environment variable that passes the nodes' architectures to the wrapper of the go tool.
const architectures = "TASKWIRE_ARCHITECTURES"

// GoName is this program's name when it acts as the go tool.
const GoName = "go-for-nodes"

// nodeArchitectures lists the architectures of the cluster's nodes.
func (c Cluster) nodeArchitectures(ctx context.Context) ([]string, error) {
	output, err := c.kubectl(ctx, nil, "get", "nodes", "-o", "jsonpath={.items[*].status.nodeInfo.architecture}")
	if err != nil {
		return nil, err
	}
	found := strings.Fields(string(output))
	slices.Sort(found)
	return slices.Compact(found), nil
}

// linkGo makes this program callable as GoName and returns the path. func's host builder always compiles for amd64,
// arm64 and arm, of which a cluster mostly has one: it takes its compiler from FUNC_GO.
func linkGo(root string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	link := filepath.Join(state(root), "bin", GoName)
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return "", err
	}
	_ = os.Remove(link)
	return link, os.Symlink(self, link)
}

// GoForNodes is the go tool for the architectures of the nodes. For any other it writes a note in place of the program,
// which no machine of that architecture can run: it fails at once, as with an image that lacks the architecture.
func GoForNodes(args []string) error {
	if slices.Contains(strings.Split(os.Getenv(architectures), ","), os.Getenv("GOARCH")) {
		path, err := exec.LookPath("go")
		if err != nil {
			return err
		}
		return syscall.Exec(path, append([]string{"go"}, args...), os.Environ())
	}
	at := slices.Index(args, "-o")
	if at < 0 || at+1 >= len(args) {
		return fmt.Errorf("%s: no -o in %q", GoName, args)
	}
	if err := os.MkdirAll(filepath.Dir(args[at+1]), 0o755); err != nil {
		return err
	}
	return os.WriteFile(args[at+1], []byte("built for "+os.Getenv(architectures)+" only\n"), 0o755)
}
