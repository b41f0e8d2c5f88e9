package peers

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/shared/eventually"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/redis/redistest"
)

// gateway is a running Peers and what it has heard.
type gateway struct {
	*Peers
	mu    sync.Mutex
	users map[uuid.UUID]int
}

func start(t *testing.T, server *redistest.Server) *gateway {
	t.Helper()
	client, err := redis.Open(redis.Config{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{users: map[uuid.UUID]int{}}
	g.Peers = New(client, func(user uuid.UUID) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.users[user]++
	})
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-done
		_ = client.Close()
	})
	return g
}

func (g *gateway) heardOf(user uuid.UUID) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.users[user]
}

// listening waits until so many gateways would hear a message.
func listening(t *testing.T, g *gateway, n int64) {
	t.Helper()
	eventually.True(t, "the gateways listen", func() bool {
		return g.client.PubSubNumSub(t.Context(), channel).Val()[channel] == n
	})
}

// Every other gateway hears of every user, the sender of none, also of more users than a message takes.
func TestChanged_OthersHear(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	a, b, c := start(t, server), start(t, server), start(t, server)
	listening(t, a, 3)
	users := make([]uuid.UUID, 2*maxUsers+1)
	for i := range users {
		users[i] = uuid.New()
		a.Changed(users[i])
	}
	eventually.True(t, "both others hear of all", func() bool {
		for _, user := range users {
			if b.heardOf(user) == 0 || c.heardOf(user) == 0 {
				return false
			}
		}
		return true
	})
	b.Changed(users[0]) // what a has sent has come back to it before b's
	eventually.True(t, "the sender hears of the others' only", func() bool { return a.heardOf(users[0]) == 1 })
	if n := len(a.users); n != 1 {
		t.Errorf("the sender heard of %d users", n)
	}
}

// A gateway without others sends nothing for a while, then again.
func TestChanged_Alone(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	a := start(t, server)
	listening(t, a, 1)
	a.Changed(uuid.New())
	eventually.True(t, "it is silent", func() bool {
		a.Peers.mu.Lock()
		defer a.Peers.mu.Unlock()
		return !a.silent.IsZero()
	})
	b := start(t, server)
	listening(t, a, 2)
	user := uuid.New()
	eventually.True(t, "the new gateway hears", func() bool {
		a.Changed(user)
		return b.heardOf(user) > 0
	})
}

// Redis goes away and comes back; nothing that anybody sends there does harm.
func TestOutageAndGarbage(t *testing.T) {
	t.Parallel()
	server := redistest.New(t)
	a, b := start(t, server), start(t, server)
	listening(t, a, 2)
	server.Stop()
	a.Changed(uuid.New())
	server.Start(t)
	listening(t, a, 2)
	stranger := goredis.NewClient(a.client.Options())
	t.Cleanup(func() { _ = stranger.Close() })
	for _, garbage := range []string{"", "x", string(make([]byte, 15)), string(make([]byte, 17)), string(make([]byte, 1<<20))} {
		if err := stranger.Publish(t.Context(), channel, garbage).Err(); err != nil {
			t.Fatal(err)
		}
	}
	user := uuid.New()
	eventually.True(t, "the other hears again", func() bool {
		a.Changed(user)
		return b.heardOf(user) > 0
	})
}
