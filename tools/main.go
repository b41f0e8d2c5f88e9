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

const usage = "usage: taskwire-tools generate | alerts-test | new-function | remove-function (-h after a command for its flags)"

func main() {
	changed, err := run(os.Args[1:])
	for _, path := range changed {
		fmt.Println(path)
	}
	if errors.Is(err, flag.ErrHelp) {
		fmt.Println(usage)
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run executes the arguments and returns the paths of what it changed. The error is flag.ErrHelp for those who ask for the usage.
func run(args []string) (changed []string, err error) {
	root, err := repository.Root()
	if err != nil {
		return nil, err
	}
	if len(args) == 0 {
		return nil, errors.New(usage)
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
		flags.StringVar(&f.Topic, "topic", "task-events", "the topic that it consumes")
		flags.StringVar(&f.Type, "type", "task.completed", "the type of the events that it handles")
		_ = flags.Parse(args[1:])
		return newfunction.Make(root, f, time.Now())
	case "remove-function":
		flags.StringVar(&f.Name, "name", "", "of the function")
		_ = flags.Parse(args[1:])
		return newfunction.Remove(root, f.Name)
	case "help", "-h", "-help", "--help":
		return nil, flag.ErrHelp
	default:
		return nil, fmt.Errorf("unknown command %q\n%s", args[0], usage)
	}
}
