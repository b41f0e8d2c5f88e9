package pgtest

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
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// serverURL returns the server to test on, once per process.
var serverURL = sync.OnceValues(func() (*url.URL, error) {
	if given := os.Getenv("TEST_DATABASE_URL"); given != "" {
		return url.Parse(given)
	}
	return throwaway()
})

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

// lifeline is the watcher's standard input, kept here so that the garbage collector does not close it.
var lifeline io.WriteCloser //nolint:unused // it is held, not read

// throwaway starts a server that only this process reaches, by a socket in a temporary folder. Its data are kept in
// TEST_DATABASE_DIR, an absolute path, if that is set.
func throwaway() (*url.URL, error) {
	bin, err := installed()
	if err != nil {
		return nil, err
	}
	who, err := unprivileged()
	if err != nil {
		return nil, err
	}
	// Not t.TempDir: it would go with the first test. Short, for a socket's path has at most 107 bytes.
	dir, err := os.MkdirTemp("/tmp", "pgtest")
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
	data, buffers := filepath.Join(dir, "data"), "32MB"
	if given := os.Getenv("TEST_DATABASE_DIR"); given != "" {
		data, buffers = given, "1GB"
		if err := ownFolder(data, who); err != nil {
			return nil, err
		}
	}
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err != nil {
		if err := start(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N").Run(); err != nil {
			return nil, fmt.Errorf("initdb: %w (see %s)", err, log.Name())
		}
	}
	watcher := start("/bin/sh", "-c", watch, "sh", bin, dir, data, buffers)
	if lifeline, err = watcher.StdinPipe(); err != nil {
		return nil, err
	}
	if err := watcher.Start(); err != nil {
		return nil, err
	}
	u := &url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: url.Values{"host": {dir}}.Encode()}
	return u, answers(u, log.Name())
}

// ownFolder makes a folder of the user whom the server runs as.
func ownFolder(folder string, who *syscall.Credential) error {
	if err := os.MkdirAll(folder, 0o700); err != nil || who == nil {
		return err
	}
	return os.Chown(folder, int(who.Uid), int(who.Gid))
}

// answers waits until the server does.
func answers(u *url.URL, log string) error {
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
		return "", errors.New("TEST_DATABASE_URL is not set and no PostgreSQL server is installed")
	}
	slices.Sort(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged returns who the server runs as: PostgreSQL refuses to be root. Nil is the caller.
func unprivileged() (*syscall.Credential, error) {
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
