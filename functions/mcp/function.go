// Package function is the mcp function: the endpoint for AI assistants (Model Context Protocol, streamable HTTP,
// stateless). It has no database: it calls the tasks function as the user, and builds the context that it shows from
// the events of the topic task-events. See README.md.
package function

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"taskwire.dev/functions/mcp/internal/recent"
	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/functions/mcp/internal/state"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/fn"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// consumerName is this consumer's name in dead letters.
const consumerName = "mcp"

// Config of the function; func.yaml describes each variable.
type Config struct {
	Tokens    token.Rules
	Redis     redis.Config
	Sidecar   dapr.Config
	Limits    Limits
	PublicURL string `env:"PUBLIC_URL,required"`
	TasksURL  string `env:"TASKS_URL,required"`
	AuthURL   string `env:"AUTH_URL,required"`
	Secret    string `env:"MCP_CLIENT_SECRET,required,unset"`
}

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	config        Config
	origin        string
	tokens        *token.Verifier
	limiter       ratelimit.Limiter
	exchanger     *exchanger
	tasks         *rest.Client
	notifications *rest.Client
	state         *state.Store
	recent        *recent.ContextCache
	consumer      *consumer.Consumer

	conversations conversations
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{}
	f.Base = fn.New(f.start)
	return f
}

// start opens the function's connections.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	f.config = c
	public, err := url.Parse(c.PublicURL)
	if err != nil || public.Host == "" {
		return nil, fmt.Errorf("PUBLIC_URL: %q is not the URL of an origin", c.PublicURL)
	}
	f.origin = public.Scheme + "://" + public.Host
	if f.tokens, err = token.NewVerifier(ctx, c.Tokens); err != nil {
		return nil, err
	}
	f.tokens = f.tokens.For(token.MCPResource(f.origin))
	f.Needs(f.tokens.Ready)
	// Neither Redis nor the sidecar is required: without them limits are looser, and the context is read from the log.
	cache, err := redis.Open(c.Redis)
	if err != nil {
		return nil, err
	}
	f.OnStop(func() { _ = cache.Close() })
	f.limiter = redis.NewLimiter(cache, "mcp:")
	transport := rest.Transport()
	f.exchanger = &exchanger{
		url: strings.TrimSuffix(c.AuthURL, "/") + "/internal/token", secret: c.Secret, http: &http.Client{Transport: transport},
	}
	if f.tasks, err = rest.New("tasks", c.TasksURL, transport); err != nil {
		return nil, err
	}
	// It only serves sidecars, so it is invoked through ours.
	viaSidecar := dapr.Transport{Sidecar: c.Sidecar, Next: transport}
	if f.notifications, err = rest.New("notifications", dapr.InvocationURL(c.Sidecar, "notifications"), viaSidecar); err != nil {
		return nil, err
	}
	sidecar, err := dapr.Dial(c.Sidecar)
	if err != nil {
		return nil, err
	}
	f.state = state.New(sidecar)
	f.recent, f.conversations = recent.NewContextCache(f.state), conversations{f.state}
	f.consumer = consumer.New(consumerName, dapr.NewDeadLetters(sidecar), f.onTaskEvent).Ignoring(f.unknown).Needs(f.Ready)
	return f.routes(), nil
}
