// Package peers lets gateways tell each other which users have changed something. A gateway knows it when a request that it has
// forwarded succeeds, long before the change's event has come through the outbox and the broker. That event comes in any case, so
// what is lost here, as while Redis is away, is only late.
package peers

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"
)

const (
	channel = "taskwire:hints"
	// maxUsers are the most users in a message, of 16 bytes each.
	maxUsers = 1000
	// pause is how long nothing is sent after a message that reached no other gateway, or did not reach Redis.
	pause = time.Second
)

// Peers sends hints to other gateways, and hears theirs.
type Peers struct {
	client *goredis.Client
	self   uuid.UUID
	heard  func(user uuid.UUID)
	wake   chan struct{} // capacity 1

	mu      sync.Mutex
	waiting map[uuid.UUID]struct{}
	silent  time.Time // until when nothing is sent
}

// New returns a Peers that calls heard for each hint of another gateway once Run runs.
func New(client *goredis.Client, heard func(user uuid.UUID)) *Peers {
	return &Peers{client: client, self: uuid.New(), heard: heard, wake: make(chan struct{}, 1), waiting: map[uuid.UUID]struct{}{}}
}

// Changed tells the others that the user has changed something. It does not wait.
func (p *Peers) Changed(user uuid.UUID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Now().Before(p.silent) {
		return
	}
	p.waiting[user] = struct{}{}
	p.stir()
}

func (p *Peers) stir() {
	select {
	case p.wake <- struct{}{}:
	default: // send is already called
	}
}

// Run sends and listens until ctx is done.
func (p *Peers) Run(ctx context.Context) {
	var loops sync.WaitGroup
	loops.Go(func() { p.send(ctx) })
	loops.Go(func() { p.listen(ctx) })
	loops.Wait()
}

// send publishes the users of all changes since the last message in one.
func (p *Peers) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-p.wake:
		}
		message := p.take()
		if receivers, err := p.client.Publish(ctx, channel, message).Result(); err != nil || receivers < 2 { // itself is one
			p.quiet(time.Now().Add(pause))
		}
	}
}

// take returns a message with the waiting users.
func (p *Peers) take() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	message := make([]byte, 0, 16*(1+min(len(p.waiting), maxUsers)))
	message = append(message, p.self[:]...)
	for user := range p.waiting {
		if len(message) > 16*maxUsers {
			p.stir()
			break
		}
		message = append(message, user[:]...)
		delete(p.waiting, user)
	}
	return message
}

func (p *Peers) quiet(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.silent = until
	clear(p.waiting)
}

// listen hears what others send. The client subscribes again after an outage of Redis.
func (p *Peers) listen(ctx context.Context) {
	subscription := p.client.Subscribe(ctx, channel)
	defer func() { _ = subscription.Close() }()
	messages := subscription.Channel()
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-messages:
			p.receive(m.Payload)
		}
	}
}

func (p *Peers) receive(message string) {
	if len(message)%16 != 0 || len(message) < 16 || message[:16] == string(p.self[:]) {
		return
	}
	for rest := message[16:]; len(rest) > 0; rest = rest[16:] {
		p.heard(uuid.UUID([]byte(rest[:16])))
	}
}
