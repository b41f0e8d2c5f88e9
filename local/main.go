// Command taskwire-local runs Taskwire on one machine, without a container engine: see `make help`.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"taskwire.dev/local/internal/cluster"
	"taskwire.dev/local/internal/command"
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
