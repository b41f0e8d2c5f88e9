// Package e2e tests a whole running Taskwire from outside: through the gateway, the live streams and the topics.
// Nothing is mocked, and nothing of the product is imported. `make test` starts a separate stack and passes its
// addresses in the environment.
package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
)

// The addresses of the stack; `make test` exports these.
var (
	frontDoor = os.Getenv("TASKWIRE_URL")
	brokers   = os.Getenv("TASKWIRE_KAFKA_BROKERS")
)

// Topics that the suite reads raw.
const (
	taskEvents  = "task-events"
	taskUpdates = "task-updates"
	reminders   = "reminders"
)

// seed determines every random choice of a run; TASKWIRE_SEED repeats a run.
var seed = func() uint64 {
	if s, err := strconv.ParseUint(os.Getenv("TASKWIRE_SEED"), 10, 64); err == nil {
		return s
	}
	return uint64(time.Now().UnixNano())
}()

// started is the start of this run.
var started = time.Now()

// transport is shared, so that connections are reused across tests.
var transport = func() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 256
	// func-go closes a connection that has not been used within 2 s; a POST must not use such a connection.
	t.IdleConnTimeout = time.Second
	t.DisableCompression = true // bodies are compared byte for byte
	t.Proxy = nil
	return t
}()

// topics is opened by the first test that needs it.
var topics struct {
	once   sync.Once
	reader *client.Topics
	err    error
	wrong  struct {
		sync.Mutex
		found []string
	}
	checked atomic.Int64
}

// loaded is the last result of documents, for use after all tests.
var loaded atomic.Pointer[spec.Spec]

// documents are docs/openapi.yaml and docs/asyncapi.yaml.
func documents(t *testing.T) *spec.Spec {
	t.Helper()
	s := spec.Load(t)
	loaded.Store(s)
	return s
}

func TestMain(m *testing.M) {
	if frontDoor == "" {
		fmt.Fprintln(os.Stderr, "TASKWIRE_URL is not set: there is no stack to test. Run `make test`, which starts one.")
		os.Exit(1)
	}
	flag.Parse()
	if !given("test.parallel") {
		parallel := "8"
		if onCluster {
			parallel = "2"
		}
		// Tests mostly wait for the stack, so more of them run at once than there are processors. A two-core Kubernetes
		// node is busy with few.
		_ = flag.Set("test.parallel", parallel)
	}
	log.Printf("seed %d (TASKWIRE_SEED=%d repeats the random choices)", seed, seed)
	if onCluster {
		if err := keepAwake(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	code := m.Run()
	if err := afterwards(code == 0 && complete()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// given reports whether a flag was set on the command line.
func given(name string) bool {
	found := false
	flag.Visit(func(f *flag.Flag) { found = found || f.Name == name && f.Value.String() != "" })
	return found
}

// complete reports whether all tests were selected: only then can something be missing.
func complete() bool { return !given("test.run") && !given("test.skip") && !given("test.list") }

// unseen are the documented operations that the suite cannot reach from outside.
var unseen = map[string]bool{"sendCommandToFunction": true}

// afterwards checks what all tests have seen together.
func afterwards(whole bool) error {
	var wrong []error
	if topics.reader != nil {
		topics.reader.Close()
		topics.wrong.Lock()
		defer topics.wrong.Unlock()
		for _, w := range topics.wrong.found {
			wrong = append(wrong, errors.New(w))
		}
		log.Printf("checked %d records against docs/asyncapi.yaml", topics.checked.Load())
	}
	if loaded.Load() == nil {
		return errors.Join(wrong...)
	}
	var gaps []string
	for _, gap := range loaded.Load().Uncovered() {
		if gap.Status == 0 && whole && !unseen[gap.Operation] {
			wrong = append(wrong, fmt.Errorf("no test exercised %s", gap))
		}
		gaps = append(gaps, gap.String())
	}
	if whole {
		// Replaying the audit log of all tests gives the same tasks.
		wrong = append(wrong, operate(context.Background(), "rebuild-check"))
		log.Printf("documented, but not seen in this run: %s", strings.Join(gaps, ", "))
	}
	return errors.Join(wrong...)
}

// openTopics returns the single raw reader of the topics, which checks each record that it reads.
func openTopics(t *testing.T) *client.Topics {
	t.Helper()
	if brokers == "" {
		t.Fatal("TASKWIRE_KAFKA_BROKERS is not set: run `make test`")
	}
	described := documents(t)
	topics.once.Do(func() {
		topics.reader, topics.err = client.OpenTopics(strings.Split(brokers, ","), []string{taskEvents, taskUpdates, reminders}, started, func(r *kgo.Record) {
			topics.checked.Add(1)
			if err := described.CheckEvent(r.Topic, r.Value); err != nil {
				topics.wrong.Lock()
				defer topics.wrong.Unlock()
				topics.wrong.found = append(topics.wrong.found, err.Error())
			}
		})
	})
	if topics.err != nil {
		t.Fatal(topics.err)
	}
	return topics.reader
}
