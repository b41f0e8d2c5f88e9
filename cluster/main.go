// Command taskwire-cluster deploys Taskwire to a Kubernetes cluster and tests it there: see `make help`.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"taskwire.dev/cluster/internal/cluster"
	"taskwire.dev/cluster/internal/command"
)

func main() {
	if filepath.Base(os.Args[0]) == cluster.GoName {
		if err := cluster.GoForNodes(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(command.Execute())
}
