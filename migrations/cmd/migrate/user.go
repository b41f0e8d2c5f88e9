package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"taskwire.dev/migrations"
)

const userUsage = `usage: migrate user COMMAND

  list [TEXT]                lists accounts, or those with TEXT in the address or the name
  password EMAIL             sets the password that it reads from standard input; all sessions end
  end-sessions EMAIL [tokens]  ends all sessions, and with "tokens" revokes all personal access tokens
  reset-sign-in EMAIL        removes all passkeys, the authenticator app, the recovery codes and the linked accounts: only the password
                             signs in, and it is enough; all sessions end
  disable EMAIL              ends all sessions and access tokens and refuses new ones; the user's data stay
  enable EMAIL               lets the user sign in again
  role EMAIL admin|user      makes the user an administrator, or no longer one; then all sessions end
  quota EMAIL [--tasks N] [--bytes N]  sets how many tasks the user may keep, and how many bytes of titles,
                             descriptions and comments; "default" is what the tasks function is configured with
  export EMAIL               writes everything of the account to standard output, as the user can do; it is signed if
                             EXPORT_SIGNING_KEY has the key of the export function
  delete EMAIL [now]         schedules the account for deletion in seven days (the user can cancel until then), or deletes it
                             now; outbox-relay does the work
  keep EMAIL                 cancels that`

// userCommand runs a command about accounts.
func userCommand(ctx context.Context, url string, args []string) error {
	switch {
	case len(args) >= 1 && len(args) <= 2 && args[0] == "list":
		return listUsers(ctx, url, strings.Join(args[1:], ""))
	case len(args) == 2 && args[0] == "password":
		secret, err := readPassword(os.Stdin)
		if err != nil {
			return err
		}
		return migrations.SetPassword(ctx, url, args[1], secret)
	case len(args) == 2 && args[0] == "reset-sign-in":
		return migrations.ResetSignIn(ctx, url, args[1])
	case len(args) == 2 && args[0] == "end-sessions":
		return migrations.EndSessions(ctx, url, args[1], false)
	case len(args) == 3 && args[0] == "end-sessions" && args[2] == "tokens":
		return migrations.EndSessions(ctx, url, args[1], true)
	case len(args) == 2 && (args[0] == "disable" || args[0] == "enable"):
		return migrations.SetDisabled(ctx, url, args[1], args[0] == "disable")
	case len(args) == 3 && args[0] == "role":
		return migrations.SetRole(ctx, url, args[1], args[2])
	case len(args) >= 2 && args[0] == "quota":
		return setQuota(ctx, url, args[1], args[2:])
	case len(args) == 2 && args[0] == "export":
		return exportUser(ctx, url, args[1], os.Stdout)
	case len(args) == 2 && args[0] == "delete":
		return migrations.DeleteUser(ctx, url, args[1], false)
	case len(args) == 3 && args[0] == "delete" && args[2] == "now":
		return migrations.DeleteUser(ctx, url, args[1], true)
	case len(args) == 2 && args[0] == "keep":
		return migrations.KeepUser(ctx, url, args[1])
	default:
		return errors.New(userUsage)
	}
}

// kept shows a counter, with the user's bound where it is not the configured one.
func kept(n int64, bound *int64) string {
	if bound == nil {
		return strconv.FormatInt(n, 10)
	}
	return fmt.Sprintf("%d of %d", n, *bound)
}

// setQuota reads the bounds from flags.
func setQuota(ctx context.Context, url, email string, args []string) error {
	tasks, bytes := migrations.Unchanged, migrations.Unchanged
	flags := flag.NewFlagSet("quota", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	bound := func(to *migrations.Bound) func(string) error {
		return func(s string) error {
			if s == "default" {
				*to = 0
				return nil
			}
			n, err := strconv.ParseInt(s, 10, 64)
			if err != nil || n < 1 {
				return errors.New("want a number of at least 1, or default")
			}
			*to = migrations.Bound(n)
			return nil
		}
	}
	flags.Func("tasks", "", bound(&tasks))
	flags.Func("bytes", "", bound(&bytes))
	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("%w\n\n%s", err, userUsage)
	}
	if flags.NArg() > 0 || tasks == migrations.Unchanged && bytes == migrations.Unchanged {
		return errors.New(userUsage)
	}
	return migrations.SetQuota(ctx, url, email, tasks, bytes)
}

// exportUser refuses to write an archive to a terminal.
func exportUser(ctx context.Context, url, email string, to *os.File) error {
	if info, err := to.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		return errors.New("redirect the output to a file: migrate user export EMAIL > export.zip")
	}
	w := bufio.NewWriterSize(to, 1<<20)
	if err := migrations.Export(ctx, url, email, os.Getenv("EXPORT_SIGNING_KEY"), w); err != nil {
		return err
	}
	return w.Flush()
}

// readPassword reads one line. A password among the arguments would be visible to every user of the machine.
func readPassword(from io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(from, 4096)).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line != "" {
		return line, nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return "", errors.New("write the password to standard input, as one line")
}

func listUsers(ctx context.Context, url, text string) error {
	users, err := migrations.Users(ctx, url, text)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "EMAIL\tNAME\tROLE\tSTATE\tCREATED\tLAST USED\tSESSIONS\tTOKENS\tTASKS\tBYTES")
	for _, u := range users {
		used := "never"
		if u.LastUsed != nil {
			used = u.LastUsed.Format(time.DateTime)
		}
		state := "enabled"
		if u.Disabled != nil {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", u.Email, u.Name, u.Role, state, u.CreatedAt.Format(time.DateOnly), used, u.Sessions, u.Tokens, kept(u.Tasks, u.MaxTasks), kept(u.Bytes, u.MaxBytes))
	}
	return w.Flush()
}
