package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"taskwire.dev/e2e/client"
)

const (
	// beat is the interval of the victim's requests.
	beat = 100 * time.Millisecond
	// victimTimeout is how long the victim waits for a response; then it is an error.
	victimTimeout = 10 * time.Second
	// promised is how long another user's request may take, on an otherwise idle machine.
	promised = time.Second
	// bearable is the same for attacks that only keep connections busy, where tests share the machine.
	bearable = 5 * time.Second
)

// What the victim does.
const (
	doesList   = "list"
	doesCreate = "create"
	doesTold   = "notifications"
	doesStream = "stream"
	doesSee    = "change on stream"
	doesLogin  = "login"
	doesOpen   = "dashboard"
	doesMe     = "account"
)

// victim is another user, who keeps working during the attack. It never retries: each rejection counts.
type victim struct {
	*account
	accounts []*account     // that log in, in turn
	watched  *client.Stream // on which each created task must arrive
	last     string         // the id of that stream's last frame

	mu      sync.Mutex
	felt    []feeling
	pending map[string]time.Time // titles of tasks that were not yet on the stream
	group   sync.WaitGroup
}

// feeling is the result of one request.
type feeling struct {
	what string
	took time.Duration
	err  string
}

// newVictim registers a user that no attack has affected.
func (b *battle) newVictim(ctx context.Context, network int) (*victim, error) {
	v := &victim{pending: map[string]time.Time{}}
	for i := range 3 {
		one, err := register(ctx, clientFrom(b.values.GatewayURL, b.address, address(network, i)))
		if err != nil {
			return nil, fmt.Errorf("register the victim: %w", err)
		}
		v.accounts = append(v.accounts, one)
	}
	v.account = v.accounts[0]
	// The stream is open before anything is created: it begins with what is created after it.
	if err := v.open(ctx); err != nil {
		return nil, fmt.Errorf("open the victim's stream: %w", err)
	}
	return v, nil
}

// live works until ctx ends, and returns after the last response or timeout.
func (v *victim) live(ctx context.Context) {
	watching, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		v.watch(watching)
	}()
	defer func() { stop(); <-ended }()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-tick.C:
		case <-ctx.Done():
			v.group.Wait()
			v.awaitChanges()
			return
		}
		v.do(doesList, v.list)
		if i%2 == 0 {
			v.do(doesCreate, v.create)
			v.do(doesTold, v.notifications)
		}
		if i%5 == 0 {
			v.do(doesStream, v.stream)
			v.do(doesOpen, v.gets("/"))
			v.do(doesMe, v.gets(pathMe))
		}
		if i%20 == 10 {
			who := v.accounts[i/20%len(v.accounts)]
			v.do(doesLogin, func(ctx context.Context) error {
				_, err := who.As("").Login(ctx, who.Email, who.Password)
				return err
			})
		}
	}
}

// awaitChanges waits until everything created has been on the stream.
func (v *victim) awaitChanges() {
	for deadline := time.Now().Add(victimTimeout); time.Now().Before(deadline); time.Sleep(beat / 10) {
		v.mu.Lock()
		left := len(v.pending)
		v.mu.Unlock()
		if left == 0 {
			return
		}
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for range v.pending {
		v.felt = append(v.felt, feeling{what: doesSee, took: victimTimeout, err: "never came"})
	}
	clear(v.pending)
}

// do starts a request alongside those that are waiting: a slow response must not delay the next request.
func (v *victim) do(what string, f func(context.Context) error) {
	v.group.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), victimTimeout)
		defer cancel()
		start := time.Now()
		err := f(ctx)
		v.note(what, time.Since(start), err)
	})
}

func (v *victim) note(what string, took time.Duration, err error) {
	one := feeling{what: what, took: took}
	if err != nil {
		one.err = brief(err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.felt = append(v.felt, one)
}

func (v *victim) list(ctx context.Context) error {
	_, err := v.ListTasks(ctx, url.Values{"limit": {"20"}})
	return err
}

func (v *victim) notifications(ctx context.Context) error {
	_, err := v.Notifications(ctx, nil)
	return err
}

// gets returns a request for something that is always there.
func (v *victim) gets(path string) func(context.Context) error {
	return func(ctx context.Context) error {
		resp, err := v.Do(ctx, get(path))
		if err != nil {
			return err
		}
		return resp.Decode(path, http.StatusOK, nil)
	}
}

func (v *victim) create(ctx context.Context) error {
	title := rand.Text()
	v.mu.Lock()
	v.pending[title] = time.Now()
	v.mu.Unlock()
	_, err := v.CreateTask(ctx, client.Fields{"title": title})
	if err != nil {
		v.mu.Lock()
		delete(v.pending, title)
		v.mu.Unlock()
	}
	return err
}

// stream opens one more stream and waits for its greeting.
func (v *victim) stream(ctx context.Context) error {
	s, _, err := v.openAt(ctx, "")
	if err != nil {
		return err
	}
	s.Close()
	return nil
}

// open opens the watched stream where the one before ended.
func (v *victim) open(ctx context.Context) error {
	s, hello, err := v.openAt(ctx, v.last)
	if err == nil {
		v.watched, v.last = s, hello.ID
	}
	return err
}

// openAt opens a stream and returns it with its greeting.
func (v *victim) openAt(ctx context.Context, last string) (*client.Stream, client.Frame, error) {
	s, err := v.OpenStream(ctx, last, nil)
	if err != nil {
		return nil, client.Frame{}, err
	}
	hello, err := s.NextEvent(ctx)
	if err != nil {
		s.Close()
	}
	return s, hello, err
}

// watch follows the watched stream, and opens it again whenever it ends.
func (v *victim) watch(ctx context.Context) {
	for {
		v.follow(ctx)
		v.watched.Close()
		if ctx.Err() != nil {
			return
		}
		v.note(doesSee, 0, errors.New("the stream was cut off"))
		if !v.reopen(ctx) {
			return
		}
	}
}

// reopen tries to open the watched stream until it is open, or ctx ends.
func (v *victim) reopen(ctx context.Context) bool {
	for {
		start := time.Now()
		err := v.open(ctx)
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		v.note(doesStream, time.Since(start), err)
		pause(ctx, time.Second)
	}
}

// follow takes the frames of the watched stream until it ends.
func (v *victim) follow(ctx context.Context) {
	for {
		f, err := v.watched.NextEvent(ctx)
		if err != nil {
			return
		}
		if f.ID != "" {
			v.last = f.ID
		}
		v.arrived(f)
	}
}

func (v *victim) arrived(f client.Frame) {
	change, err := f.Change()
	if err != nil || change.Task == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if since, ok := v.pending[change.Task.Title]; ok {
		delete(v.pending, change.Task.Title)
		v.felt = append(v.felt, feeling{what: doesSee, took: f.Received.Sub(since)})
	}
}

func brief(err error) string {
	var answer *client.StatusError
	if errors.As(err, &answer) {
		return strconv.Itoa(answer.Response.Status)
	}
	return "no answer"
}
