package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"taskwire.dev/local/internal/stack"
	"taskwire.dev/local/internal/supervise"
)

func backupCommand(at *place) *cobra.Command {
	return &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Write a backup of the database to a file (needs a stack that is up)",
		Long: `Write a backup of the database to a new file, by default .local/backups/PROFILE-TIME.zip, which "reset" keeps.
Functions go on meanwhile. docs/operations.md says what a backup holds, and what it does not.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			values, err := at.values()
			if err != nil {
				return err
			}
			file := filepath.Join(values.Root, ".local", "backups", values.Profile+"-"+time.Now().UTC().Format("20060102T150405Z")+".zip")
			if len(args) == 1 {
				if file, err = filepath.Abs(args[0]); err != nil {
					return err
				}
			}
			if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
				return err
			}
			if err := values.Operate(c.Context(), "backup", "backup", file); err != nil {
				return fmt.Errorf("no backup was made: %w", err)
			}
			fmt.Println(file)
			return nil
		},
	}
}

func restoreCommand(at *place) *cobra.Command {
	var from stack.Source
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Replace the data of a stack with a backup",
		Long: `Replace the data of a stack with a backup. All clients reload afterwards. A stack that runs needs --force: its
functions are stopped meanwhile. So does a database that has data.

DATABASE_URL (the owner's) and REDIS_URL in the environment use real servers instead, if the stack is down.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			var err error
			if from.File, err = backupFile(args[0]); err != nil {
				return err
			}
			p, err := at.open()
			if err != nil {
				return err
			}
			if _, alive := supervise.Running(p.Run()); !alive { // then it is started, which needs the ports
				if p, err = profileFor(at); err != nil {
					return err
				}
			}
			report := newReport()
			defer report.Close()
			options := stack.Options{
				DatabaseURL: os.Getenv("DATABASE_URL"), RedisURL: os.Getenv("REDIS_URL"), KafkaBrokers: os.Getenv("KAFKA_BROKERS"),
			}
			return stack.Restore(c.Context(), p, options, from, report)
		},
	}
	c.Flags().BoolVar(&from.Force, "force", false, "stop functions that run, and replace data that is there")
	c.Flags().DurationVar(&from.Republish, "republish", 24*time.Hour, "publish the events again that are as old as this in the backup: consumers may have been that far behind")
	c.Flags().IntVar(&at.base, "base", 0, "first of the ports, as for up")
	return c
}

// backupFile returns the absolute path of the backup to restore. It refuses what cannot be one before anything is built or started.
func backupFile(name string) (string, error) {
	if name == "" {
		return "", errors.New("no backup is named: make restore FILE=taskwire.zip")
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file", path)
	}
	return path, nil
}
