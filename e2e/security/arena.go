package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"taskwire.dev/e2e/client"
	"taskwire.dev/e2e/spec"
	"taskwire.dev/e2e/stack"
)

// arena is a running stack, as one attack sees it.
type arena struct {
	stack      *stack.Stack
	values     stack.Values
	operations []spec.Operation
	address    string // of the gateway, host and port
	whole      bool   // a full run, not a short one
	network    int    // second byte of the attackers' addresses

	mu      sync.Mutex
	answers map[string]int
	wrong   map[string]int
	tried   atomic.Int64
	next    atomic.Int32
}

func (b *battle) arena(network int) *arena {
	return &arena{
		stack: b.stack, values: b.values, operations: b.operations, address: b.address, whole: b.whole, network: network,
		answers: map[string]int{}, wrong: map[string]int{},
	}
}

// dose returns the first value in a full run and the second in a short one.
func dose[T any](a *arena, whole, short T) T {
	if a.whole {
		return whole
	}
	return short
}

// hold is how long an open-ended attack lasts.
func (a *arena) hold() time.Duration { return dose(a, 8*time.Second, time.Second) }

// linger is hold for attacks that keep connections busy instead of the machine, whose effect takes longer.
func (a *arena) linger() time.Duration { return dose(a, 8*time.Second, 3*time.Second) }

// host returns the i-th address of the attackers. All of 127.0.0.0/8 is this machine, and each address is another
// client to the gateway.
func (a *arena) host(i int) string { return address(a.network, i) }

func address(network, i int) string {
	return fmt.Sprintf("127.%d.%d.%d", network, i/250%250, 1+i%250)
}

// newHost returns an address that the attack has not used yet.
func (a *arena) newHost() string { return a.host(1000 + int(a.next.Add(1))) }

func dialer(from string) *net.Dialer {
	return &net.Dialer{Timeout: 5 * time.Second, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
}

// clientFrom returns a client at another address, which does not retry.
func clientFrom(base, door, from string) *client.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.Proxy = nil
	t.MaxIdleConnsPerHost = 256
	t.DisableCompression = true
	// func-go closes a new connection that is not used for 2 s; no request must run into that.
	t.IdleConnTimeout = time.Second
	t.DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dialer(from).DialContext(ctx, "tcp4", door)
	}
	return client.New(base, t).Impatient()
}

func (a *arena) clientFrom(host string) *client.Client {
	return clientFrom(a.values.GatewayURL, a.address, host)
}

// dial opens a plain connection to the gateway.
func (a *arena) dial(ctx context.Context, from string) (net.Conn, error) {
	return dialer(from).DialContext(ctx, "tcp4", a.address)
}

// doorHost is the Host header of an honest client.
func (a *arena) doorHost() string {
	u, _ := url.Parse(a.values.GatewayURL)
	return u.Host
}

// account is a registered account.
type account struct {
	*client.Client
	ID, Email, Password string
	session             *client.Session
}

// register creates an account, from a separate address.
func (a *arena) register(ctx context.Context, host string) (*account, error) {
	return register(ctx, a.clientFrom(host))
}

func register(ctx context.Context, c *client.Client) (*account, error) {
	in := client.Credentials{Email: "security." + strings.ToLower(rand.Text()) + "@example.com", Password: rand.Text(), Name: "Security"}
	s, err := c.Patient().Register(ctx, in)
	if err != nil {
		return nil, err
	}
	return &account{Client: c.As(s.AccessToken), ID: s.User.ID, Email: in.Email, Password: in.Password, session: s}, nil
}

// attempt sends a request of the attacker and counts its response. The caller judges the result.
func (a *arena) attempt(ctx context.Context, c *client.Client, r client.Request) *client.Response {
	bounded, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	resp, err := c.Do(bounded, r)
	if err != nil && ctx.Err() != nil {
		err = context.Canceled // the attack is over
	}
	a.count(resp, err)
	return resp
}

func (a *arena) count(resp *client.Response, err error) {
	a.tried.Add(1)
	what := "no answer"
	if err == nil {
		what = strconv.Itoa(resp.Status)
	} else if errors.Is(err, context.Canceled) {
		what = "given up"
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answers[what]++
}

// only records each status that a response of the attack had and that is not one of these.
func (a *arena) only(statuses ...int) {
	a.mu.Lock()
	seen := maps.Clone(a.answers)
	a.mu.Unlock()
	for what, n := range seen {
		// Other keys say why there was no response.
		if status, err := strconv.Atoi(what); err == nil && !slices.Contains(statuses, status) {
			a.fault("%d responses with %d", n, status)
		}
	}
}

// fault records that the product did something that it must not do.
func (a *arena) fault(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wrong[fmt.Sprintf(format, args...)]++
}

// parallel calls f in that many workers until ctx ends or it was called limit times; 0 is no limit.
func parallel(ctx context.Context, workers, limit int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if limit > 0 && i >= limit {
					return
				}
				f(i)
			}
		})
	}
	group.Wait()
}

// flood sends requests in that many workers for as long as the attack lasts.
func (a *arena) flood(ctx context.Context, workers int, f func(ctx context.Context, i int)) {
	ctx, cancel := context.WithTimeout(ctx, a.hold())
	defer cancel()
	parallel(ctx, workers, dose(a, 20_000, 4_000), func(i int) { f(ctx, i) })
}
