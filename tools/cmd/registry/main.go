// Command registry generates what the platform says of functions from their func.yaml: see `make generate`.
package main

import (
	"errors"
	"fmt"
	"os"

	"taskwire.dev/tools/registry"
	"taskwire.dev/tools/repository"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	root, err := repository.Root()
	if err != nil {
		return err
	}
	if len(args) != 1 || args[0] != "generate" {
		return errors.New("usage: registry generate")
	}
	written, err := registry.Generate(root)
	for _, path := range written {
		fmt.Println(path)
	}
	return err
}
