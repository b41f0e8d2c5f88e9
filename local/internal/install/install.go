// Package install finds third-party programs and installs missing ones from Debian.
package install

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Need is a program and the Debian package that provides it.
type Need struct {
	Package string
	Find    func() (string, error)
}

// Postgres needs initdb and postgres, version 15 or later.
func Postgres() Need { return Need{Package: "postgresql", Find: PostgresBin} }

// Redis needs redis-server.
func Redis() Need {
	return Need{Package: "redis-server", Find: func() (string, error) { return exec.LookPath("redis-server") }}
}

// PgBouncer needs pgbouncer, for tests of functions behind a pooler.
func PgBouncer() Need {
	return Need{Package: "pgbouncer", Find: func() (string, error) {
		if path, err := exec.LookPath("pgbouncer"); err == nil {
			return path, nil
		}
		return exec.LookPath("/usr/sbin/pgbouncer") // not on everybody's PATH
	}}
}

// Java needs a runtime for Apache Kafka.
func Java() Need {
	return Need{Package: "default-jre-headless", Find: func() (string, error) { return exec.LookPath("java") }}
}

// Maven needs mvn, which downloads Apache Kafka's packages.
func Maven() Need {
	return Need{Package: "maven", Find: func() (string, error) { return exec.LookPath("mvn") }}
}

// Chromium needs a browser, for the dashboard's tests. The one without a window takes a quarter less of the processor.
func Chromium() Need {
	return Need{Package: "chromium-headless-shell", Find: func() (string, error) {
		if path, err := exec.LookPath("chromium-headless-shell"); err == nil {
			return path, nil
		}
		return exec.LookPath("chromium")
	}}
}

// debianPostgres has a folder for each version of PostgreSQL. Debian keeps them off the PATH.
const debianPostgres = "/usr/lib/postgresql"

// PostgresBin finds the folder of the newest PostgreSQL's programs, 15 or later.
func PostgresBin() (string, error) {
	if bin, _ := newestPostgres(debianPostgres); bin != "" {
		return bin, nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(real), nil
		}
	}
	return "", errors.New("no PostgreSQL 15 or later")
}

// PostgresBinFor is PostgresBin for a folder of data, which only the version that made it can read.
func PostgresBinFor(data string) (string, error) { return postgresBinFor(debianPostgres, data) }

func postgresBinFor(debian, data string) (string, error) {
	newest, version := newestPostgres(debian)
	content, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) || newest == "" {
		return PostgresBin()
	}
	if err != nil {
		return "", err
	}
	made := strings.TrimSpace(string(content))
	bin := filepath.Join(debian, made, "bin")
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return "", fmt.Errorf("%s was made by PostgreSQL %s, and %d is installed. Install postgresql-%s, or delete the data with make reset",
			data, made, version, made)
	}
	return bin, nil
}

func newestPostgres(debian string) (bin string, newest int) {
	found, _ := filepath.Glob(filepath.Join(debian, "*", "bin", "initdb"))
	for _, path := range found {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		if err == nil && version >= 15 && version > newest {
			newest, bin = version, filepath.Dir(path)
		}
	}
	return bin, newest
}

// Missing lists the packages that are not installed.
func Missing(needs ...Need) []string {
	var packages []string
	for _, need := range needs {
		if _, err := need.Find(); err != nil && !slices.Contains(packages, need.Package) {
			packages = append(packages, need.Package)
		}
	}
	return packages
}

// Packages installs Debian packages, as root or with sudo if it needs no password; otherwise the error says what to
// type.
func Packages(ctx context.Context, packages []string) error {
	command := append([]string{"apt-get", "install", "-y", "--no-install-recommends"}, packages...)
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("missing: %s. Install them with this system's package manager", strings.Join(packages, ", "))
	}
	var prefix []string
	if os.Geteuid() != 0 {
		if exec.CommandContext(ctx, "sudo", "-n", "true").Run() != nil {
			return fmt.Errorf("missing packages. Run: sudo apt-get update && sudo %s", strings.Join(command, " "))
		}
		prefix = []string{"sudo", "-n"}
	}
	// A stale package list is the usual reason for a failure, so it is updated only for a second try.
	err := run(ctx, append(prefix, command...))
	if err == nil {
		return nil
	}
	if err := run(ctx, append(prefix, "apt-get", "update")); err != nil {
		return err
	}
	return run(ctx, append(prefix, command...))
}

func run(ctx context.Context, command []string) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	output, err := c.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, tail(output))
	}
	return nil
}

func tail(output []byte) []byte {
	output = bytes.TrimSpace(output)
	return output[max(0, len(output)-2000):]
}
