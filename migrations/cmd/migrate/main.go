// Command migrate brings Taskwire's database to a version of its schema. It reads DATABASE_URL, the owner's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"taskwire.dev/migrations"
)

const usage = `usage: migrate COMMAND

  up         applies every migration that is missing
  down       takes the newest one back; refuses where that would lose entries of the audit log
  reset      takes all of them back: every table is dropped, unless the audit log has entries
  supports   fails if functions of the release that this program belongs to do not work with the database's schema
  status     lists the migrations and when each was applied
  fold       computes anew what searches and lists read of each task and how much each user keeps, where it is missing
             or wrong: run it when the functions of an earlier release are gone
  passwords  sets the roles' passwords from TASKWIRE_{APP,WORKER,AUTH,OUTBOX,STREAM,DEADLETTER,BACKUP}_PASSWORD

  rebuild-check    replays the audit log and lists every task that differs; fails when one does
  user COMMAND     manages accounts: without a COMMAND it lists what there is
  role EMAIL ROLE  the same as user role

DATABASE_URL names the database and its owner, who needs CREATEROLE; not a pooler, which has no sessions for locks. The exit code is
75 when another try may succeed, for example because the database is starting.
`

// tryAgain is the exit code EX_TEMPFAIL of sysexits.h: the Job in eventing/base/migrations.yaml then tries again.
const tryAgain = 75

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(os.Stderr, usage)
			os.Exit(1)
		}
		fmt.Fprintln(os.Stderr, "migrate:", err)
		if migrations.Temporary(err) {
			os.Exit(tryAgain)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if err := checkArguments(args); err != nil {
		return err
	}
	command := args[0]
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		return errors.New("DATABASE_URL is not set")
	}
	if command == "passwords" {
		return migrations.SetPasswords(ctx, url)
	}
	if command == "supports" {
		return migrations.Supports(ctx, url)
	}
	if command == "fold" {
		folded, err := migrations.Fold(ctx, url)
		fmt.Fprintf(os.Stderr, "folded %d tasks\n", folded)
		if err != nil {
			return err
		}
		wrong, err := migrations.CountUsage(ctx, url)
		fmt.Fprintf(os.Stderr, "corrected the counters of %d users\n", wrong)
		return err
	}
	if command == "rebuild-check" {
		return checkRebuild(ctx, url)
	}
	if command == "role" { // its name before there were other commands about users
		return userCommand(ctx, url, args)
	}
	if command == "user" {
		return userCommand(ctx, url, args[1:])
	}
	provider, err := migrations.Provider(url)
	if err != nil {
		return err
	}
	defer provider.Close()
	switch command {
	case "up":
		results, err := provider.Up(ctx)
		for _, r := range results {
			fmt.Println(r)
		}
		return err
	case "down":
		result, err := provider.Down(ctx)
		if result != nil {
			fmt.Println(result)
		}
		return err
	case "reset":
		results, err := provider.DownTo(ctx, 0)
		for _, r := range results {
			fmt.Println(r)
		}
		return err
	case "status":
		states, err := provider.Status(ctx)
		for _, s := range states {
			fmt.Printf("%-10s %-20s %s\n", s.State, s.AppliedAt.Format("2006-01-02 15:04:05"), s.Source.Path)
		}
		return err
	default:
		return fmt.Errorf("unknown command %q\n\n%s", command, usage)
	}
}

// checkArguments fails before anything is connected to, let alone dropped: a command must not run for those who ask what it does,
// or who expect an argument to change what it does. The error is flag.ErrHelp where the usage is the whole answer.
func checkArguments(args []string) error {
	if len(args) == 0 || args[0] == "help" {
		return flag.ErrHelp
	}
	if args[0] == "user" || args[0] == "role" {
		if slices.ContainsFunc(args, isHelp) || len(args) > 1 && args[1] == "help" {
			return errors.New(userUsage)
		}
		return nil
	}
	if slices.ContainsFunc(args, isHelp) {
		return flag.ErrHelp
	}
	if len(args) > 1 {
		return fmt.Errorf("unexpected argument %q\n\n%s", args[1], usage)
	}
	return nil
}

func isHelp(arg string) bool { return slices.Contains([]string{"-h", "-help", "--help"}, arg) }

// checkRebuild lists differences on standard output, and says how far it has come on standard error.
func checkRebuild(ctx context.Context, url string) error {
	said := time.Now()
	done, err := migrations.CheckRebuild(ctx, url, func(d migrations.Difference) { fmt.Println(d) }, func(p migrations.Progress) {
		if time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(os.Stderr, "%d users, %d events, %d tasks, %d differences so far\n", p.Users, p.Events, p.Tasks, p.Differences)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "replayed %d events of %d users: %d tasks, %d differences\n", done.Events, done.Users, done.Tasks, done.Differences)
	if done.Differences > 0 {
		return errors.New("the tables are not what the audit log says")
	}
	return nil
}
