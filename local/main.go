// Command taskwire-local runs Taskwire on one machine, without a container engine: see `make help`.
package main

import (
	"os"

	"taskwire.dev/local/internal/command"
)

func main() { os.Exit(command.Execute()) }
