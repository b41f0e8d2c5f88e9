// Command broker is the laptop's Kafka: franz-go's kfake, on disk, on loopback.
//
// It supports Kafka's protocol with consumer groups and idempotent producers, and keeps topics, logs and committed
// offsets across SIGKILL. It has no replication and does not create topics automatically, so a topic that is missing in
// eventing/topics.yaml is noticed here and not first in production.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9092", "loopback address to listen on")
	advertise := flag.String("advertise", "", "address that clients are told, when something stands before the one to listen on")
	data := flag.String("data", "", "folder that keeps topics, records and offsets (required)")
	// Off, as in Apache Kafka: acknowledged records survive a SIGKILL in the page cache, and each fsync costs all
	// topics as much as PostgreSQL spends on a commit. A power failure may lose the newest records; the audit log has
	// them.
	sync := flag.Bool("sync-writes", false, "fsync each batch before it is acknowledged")
	verbose := flag.Bool("verbose", false, "log every request")
	flag.Parse()
	if err := run(*listen, *advertise, *data, *sync, *verbose); err != nil {
		slog.Error("broker", "error", err)
		os.Exit(1)
	}
}

func run(listen, advertise, data string, sync, verbose bool) error {
	host, portText, err := net.SplitHostPort(listen)
	if err != nil {
		return fmt.Errorf("-listen: %w", err)
	}
	port, err := strconv.Atoi(portText)
	if err != nil {
		return fmt.Errorf("-listen: port %q: %w", portText, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		// It has no passwords: it is not reachable from outside this machine.
		return fmt.Errorf("-listen: %q is not a loopback address", host)
	}
	if data == "" {
		return fmt.Errorf("-data is required")
	}
	if err := os.MkdirAll(data, 0o700); err != nil {
		return err
	}
	// Two brokers on one folder would overwrite each other's records.
	lock, err := lockFolder(data)
	if err != nil {
		return err
	}
	defer func() { _ = lock.Close() }()

	level := kfake.LogLevelWarn
	if verbose {
		level = kfake.LogLevelDebug
	}
	options := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.Ports(port),
		kfake.ListenFn(func(network, address string) (net.Listener, error) {
			l, err := net.Listen(network, address)
			if err != nil || advertise == "" {
				return l, err
			}
			told, err := net.ResolveTCPAddr(network, advertise)
			return advertised{l, told}, err
		}),
		kfake.ClusterID("taskwire-laptop"),
		kfake.DataDir(data),
		kfake.WithLogger(kfake.BasicLogger(os.Stderr, level)),
	}
	if sync {
		options = append(options, kfake.SyncWrites())
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	slog.Info("broker is listening", "addresses", cluster.ListenAddrs(), "data", data)
	<-ctx.Done()
	slog.Info("broker is stopping")
	cluster.Close()
	return nil
}

// advertised is a listener with another address for clients.
type advertised struct {
	net.Listener
	addr net.Addr
}

func (a advertised) Addr() net.Addr { return a.addr }

// lockFolder takes an advisory lock on the data folder; the kernel releases it when the process dies.
func lockFolder(dir string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, ".lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("another broker uses %s: %w", dir, err)
	}
	return file, nil
}
