package store

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskwire.dev/functions/gateway/internal/stream"
	"taskwire.dev/shared/task"
)

// counted is a Log that counts its reads.
type counted struct {
	*Log
	reads atomic.Int64
}

func (c *counted) Read(ctx context.Context, cursors []stream.Cursor, limit stream.Limit) ([]stream.Page, error) {
	c.reads.Add(1)
	return c.Log.Read(ctx, cursors, limit)
}

func (c *counted) Replay(ctx context.Context, cursor stream.Cursor, limit stream.Limit) (stream.Page, error) {
	c.reads.Add(1)
	return c.Log.Replay(ctx, cursor, limit)
}

// serve serves a stream over a connection, and returns the client's end and a channel that is closed when Serve returns.
func serve(t *testing.T, hub *stream.Hub, who stream.Subscriber) (net.Conn, *stream.Stream, <-chan struct{}) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	client, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	who.ExpiresAt = time.Now().Add(time.Hour)
	s, err := hub.Open(t.Context(), who)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan struct{})
	go func() {
		s.Serve(context.Background(), stream.NewConn(server, nil))
		close(served)
	}()
	return client, s, served
}

// next returns the id and data of the next event with that name, and fails on any other except hello.
func next(t *testing.T, lines *bufio.Scanner, event string) (id, data string) {
	t.Helper()
	var name string
	for lines.Scan() {
		field, value, _ := strings.Cut(lines.Text(), ": ")
		switch field {
		case "event":
			name = value
		case "id":
			id = value
		case "data":
			if name == event {
				return id, value
			} else if name != "hello" {
				t.Fatalf("got %s %s %s, want %s", name, id, value, event)
			}
		}
	}
	t.Fatalf("the stream ended before %s: %v", event, lines.Err())
	return "", ""
}

func hubOn(log stream.Log) *stream.Hub {
	return stream.NewHub(stream.Config{MaxPerUser: 10, MaxTotal: 10, MaxLifetime: time.Hour, SweepEvery: time.Hour}, log)
}

func TestStream_MissingEntriesAtTheEndOfTheLogReset(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log := &counted{Log: b.log}
	who := principal()
	for i := range 5 {
		b.do(t, who, task.Create{Draft: draft(fmt.Sprint("task ", i+1))})
	}
	var epoch string
	owner := b.Connect(t, "taskwire_owner", who.UserID.String())
	if err := owner.QueryRow(t.Context(), `SELECT epoch FROM user_stream WHERE user_id = $1`, who.UserID).Scan(&epoch); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), `DELETE FROM task_event WHERE user_id = $1 AND seq > 3`, who.UserID); err != nil {
		t.Fatal(err)
	}
	hub := hubOn(log)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { hub.Run(ctx); close(done) }()
	t.Cleanup(func() { hub.Drain(time.Second); stop(); <-done })

	client, _, served := serve(t, hub, stream.Subscriber{UserID: who.UserID, LastID: epoch + "-3"})
	lines := bufio.NewScanner(client)
	if id, data := next(t, lines, "sync.reset"); id != epoch+"-5" || !strings.Contains(data, `"reason":"gap"`) {
		t.Errorf("got sync.reset %s %s, want %s-5 with the reason gap", id, data, epoch)
	}
	<-served // it is live
	b.do(t, who, task.Create{Draft: draft("task 6")})
	hub.Hint(who.UserID, 6)
	if id, _ := next(t, lines, "sync.task-changed"); id != epoch+"-6" {
		t.Errorf("after the reset comes %s, want %s-6", id, epoch)
	}
	if reads := log.reads.Load(); reads > 4 {
		t.Errorf("%d reads of the log", reads)
	}
}

// Without a running hub, feeds are never corrected: after the database was restored to an earlier state, a stream
// cannot go live. It must still end when its client disconnects.
func TestStream_ReplayEndsWithItsClient(t *testing.T) {
	t.Parallel()
	b := setup(t)
	log := &counted{Log: b.log}
	who := principal()
	for i := range 5 {
		b.do(t, who, task.Create{Draft: draft(fmt.Sprint("task ", i+1))})
	}
	hub := hubOn(log)
	_, _, live := serve(t, hub, stream.Subscriber{UserID: who.UserID})
	<-live
	owner := b.Connect(t, "taskwire_owner", who.UserID.String())
	if _, err := owner.Exec(t.Context(), `DELETE FROM task_event WHERE user_id = $1 AND seq > 3`, who.UserID); err != nil {
		t.Fatal(err)
	}
	if _, err := owner.Exec(t.Context(), `UPDATE user_stream SET seq = 3 WHERE user_id = $1`, who.UserID); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	client, s, served := serve(t, hub, stream.Subscriber{UserID: who.UserID})
	for log.reads.Load() < 6 { // it keeps retrying
		select {
		case <-served:
			t.Fatal("the stream went live, or ended with its client there")
		case <-time.After(10 * time.Millisecond):
		}
	}
	if took := time.Since(began); took < 300*time.Millisecond { // there are pauses of 50, 100 and 200 ms between them
		t.Errorf("6 reads in %v", took)
	}
	_ = client.Close()
	<-served
	<-s.Done()
}
