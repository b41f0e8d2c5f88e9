// Command taskwire-tools creates and removes functions, and generates the files that name them: see `make help`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"taskwire.dev/tools/newfunction"
	"taskwire.dev/tools/observability"
	"taskwire.dev/tools/registry"
	"taskwire.dev/tools/repository"
)

func main() {
	changed, err := run(os.Args[1:])
	for _, path := range changed {
		fmt.Println(path)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run executes the arguments and returns the paths of what it changed.
func run(args []string) (changed []string, err error) {
	root, err := repository.Root()
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, errors.New("usage: taskwire-tools generate | alerts-test | new-function | remove-function (-h for the flags)")
	}
	flags := flag.NewFlagSet(args[0], flag.ExitOnError)
	var f newfunction.Function
	switch args[0] {
	case "generate":
		_ = flags.Parse(args[1:])
		functions, err := registry.Generate(root)
		if err != nil {
			return functions, err
		}
		alerts, err := observability.Generate(root)
		return append(functions, alerts...), err
	case "alerts-test":
		_ = flags.Parse(args[1:])
		return nil, errors.Join(observability.Check(root), observability.TestRules(context.Background(), root))
	case "new-function":
		flags.StringVar(&f.Name, "name", "", "of the function, such as webhook-notifier")
		flags.StringVar(&f.Topic, "topic", "task-events", "that it listens to")
		flags.StringVar(&f.Type, "type", "task.completed", "of the events that it is for")
		_ = flags.Parse(args[1:])
		return newfunction.Make(root, f, time.Now())
	case "remove-function":
		flags.StringVar(&f.Name, "name", "", "of the function")
		_ = flags.Parse(args[1:])
		return newfunction.Remove(root, f.Name)
	default:
		return nil, fmt.Errorf("%s: want generate, alerts-test, new-function or remove-function", args[0])
	}
}
