// Command licenses checks the license of every Go module and npm package that Taskwire depends on against policy.yaml.
//
// Go modules are judged by the license files beside the packages that are compiled, including those of tests; npm packages
// by the license that package-lock.json states. It needs no network beyond what the go command may fetch into its cache.
//
//	go run ./local/licenses [-list] [repository]
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

//go:embed policy.yaml
var policyFile []byte

// A Dependency is one module or package, and the license it is under.
type Dependency struct {
	Name    string // "go:github.com/jackc/pgx/v5" or "npm:react"
	Version string
	License string // an SPDX expression; empty if none was recognised or stated
	Source  string // the file or files with the license, or where it was looked for
}

func main() {
	list := flag.Bool("list", false, "print every dependency with its license")
	flag.Parse()
	root := "."
	if flag.NArg() > 0 {
		root = flag.Arg(0)
	}
	if err := run(context.Background(), root, *list, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "licenses:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, list bool, out io.Writer) error {
	policy, err := parsePolicy(policyFile)
	if err != nil {
		return fmt.Errorf("policy.yaml: %w", err)
	}
	deps, err := collect(ctx, root)
	if err != nil {
		return err
	}
	if list {
		for _, d := range deps {
			fmt.Fprintf(out, "%-40s %s %s\n", d.License, d.Name, d.Version)
		}
	}
	if problems := policy.check(deps); len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n  "))
	}
	fmt.Fprintf(out, "licenses: %d dependencies, all under a license that policy.yaml allows\n", len(deps))
	return nil
}

// collect returns the dependencies of every go.mod and package-lock.json below root, each once, in order.
func collect(ctx context.Context, root string) ([]Dependency, error) {
	goDeps, err := goModules(ctx, root)
	if err != nil {
		return nil, err
	}
	npmDeps, err := npmPackages(root)
	if err != nil {
		return nil, err
	}
	if len(goDeps) == 0 || len(npmDeps) == 0 {
		return nil, fmt.Errorf("found %d Go modules and %d npm packages below %s; is it the root of the repository?",
			len(goDeps), len(npmDeps), root)
	}
	deps := append(goDeps, npmDeps...)
	slices.SortFunc(deps, func(a, b Dependency) int {
		return strings.Compare(a.Name+"@"+a.Version, b.Name+"@"+b.Version)
	})
	return slices.CompactFunc(deps, func(a, b Dependency) bool {
		return a.Name == b.Name && a.Version == b.Version && a.License == b.License
	}), nil
}
