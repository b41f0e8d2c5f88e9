// Command scaffold writes, into .func/build of each given function folder, the same main program that `func build`
// compiles into an image: what runs on a laptop is what ships.
//
// It is a separate module because knative.dev/func brings a few hundred requirements that the rest of Taskwire should
// not have to agree with.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	fn "knative.dev/func/pkg/functions"
	"knative.dev/func/pkg/scaffolding"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] == "-h" || os.Args[1] == "--help" {
		fmt.Fprintln(os.Stderr, "usage: scaffold FUNCTION_FOLDER...\n\nWrites .func/build in each folder as `func build` does.")
		os.Exit(2)
	}
	for _, dir := range os.Args[1:] {
		if err := scaffold(dir); err != nil {
			fmt.Fprintf(os.Stderr, "scaffold %s: %v\n", dir, err)
			os.Exit(1)
		}
	}
}

// scaffold replaces dir/.func/build. It validates the folder's func.yaml first, so that a mistake in it is found here
// and not at the next deployment.
func scaffold(dir string) error {
	f, err := fn.NewFunction(dir)
	if err != nil {
		return err
	}
	if !f.Initialized() {
		return fmt.Errorf("no func.yaml, or an empty one")
	}
	if err := f.Validate(); err != nil {
		return err
	}
	root, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	out := filepath.Join(root, ".func", "build")
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return scaffolding.Write(out, root, f.Runtime, f.Invoke, fn.EmbeddedTemplatesFS)
}
