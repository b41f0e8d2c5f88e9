// Package throwaway starts a PostgreSQL for tests that ends with the process that started it.
package throwaway

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// watch starts the server and ends it when its standard input closes, which happens when the testing process
// ends, even by SIGKILL: nothing is left behind, except the data if their folder is given.
const watch = `
"$1/postgres" -D "$3" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
  -c max_connections=300 -c shared_buffers="$4" -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=4GB &
read -r _
kill -INT $!
wait $!
rm -rf "$2"
`

// Server is a running PostgreSQL, whose superuser is "postgres".
type Server struct {
	// URL is reached by a socket in a temporary folder, by this machine only.
	URL *url.URL

	watcher  *exec.Cmd
	lifeline io.Closer // the watcher's standard input, kept here so that the garbage collector does not close it
}

// Start starts a server. Its data are kept in the folder data, an absolute path; "" is a temporary folder, in memory if there is room.
func Start(data string) (*Server, error) {
	bin, err := installed()
	if err != nil {
		return nil, err
	}
	who, err := Unprivileged()
	if err != nil {
		return nil, err
	}
	// Not t.TempDir: it would go with the first test. Short, for a socket's path has at most 107 bytes.
	dir, err := os.MkdirTemp(place(), "pgtest")
	if err != nil {
		return nil, err
	}
	if who != nil {
		if err := os.Chown(dir, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	start := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
		// A separate process group: Ctrl-C is for the tests, the server follows when they end.
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true}
		return cmd
	}
	buffers := "1GB"
	if data == "" {
		data, buffers = filepath.Join(dir, "data"), "64MB"
	} else if err := ownFolder(data, who); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		if err := start(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N").Run(); err != nil {
			return nil, fmt.Errorf("initdb: %w (see %s)", err, log.Name())
		}
	}
	server := &Server{watcher: start("/bin/sh", "-c", watch, "sh", bin, dir, data, buffers)}
	if server.lifeline, err = server.watcher.StdinPipe(); err != nil {
		return nil, err
	}
	if err := server.watcher.Start(); err != nil {
		return nil, err
	}
	server.URL = &url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	return server, Answers(server.URL, log.Name())
}

// Stop stops the server, and removes its data unless they are kept.
func (s *Server) Stop() error { return errors.Join(s.lifeline.Close(), s.watcher.Wait()) }

// room is the least that must be free for data in memory, in bytes.
const room = 4 << 30

// place returns where temporary folders are made: in memory if there is room. A database is some 300 files, and on a disk its copy takes
// several times the processor time.
func place() string {
	const memory = "/dev/shm"
	var stat syscall.Statfs_t
	if err := syscall.Statfs(memory, &stat); err == nil && stat.Bavail*uint64(stat.Bsize) >= room {
		return memory
	}
	return "/tmp"
}

// ownFolder makes a folder of the user whom the server runs as.
func ownFolder(folder string, who *syscall.Credential) error {
	if err := os.MkdirAll(folder, 0o700); err != nil || who == nil {
		return err
	}
	return os.Chown(folder, int(who.Uid), int(who.Gid))
}

// Answers waits until the server does.
func Answers(u *url.URL, log string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, u.String())
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not start (see %s): %w", log, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// installed returns the folder of initdb and postgres: of the PATH, or Debian's newest.
func installed() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no PostgreSQL server is installed")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// Unprivileged returns who the server runs as: PostgreSQL refuses to be root. Nil is the caller.
func Unprivileged() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
		}
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is neither a postgres nor a nobody user")
}
