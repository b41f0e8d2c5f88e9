// Package function is the mcp function: the door for AI assistants (Model Context Protocol, streamable HTTP,
// stateless). It has no database: it calls the tasks function as the user, and keeps the context that it shows
// from the events of the topic task-events. See README.md.
package function

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/functions/mcp/internal/recent"
	"taskwire.dev/functions/mcp/internal/rest"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/consumer"
	"taskwire.dev/shared/dapr"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/ratelimit"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// consumerName is how the dead letters know this consumer.
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
	gate      function.Gate
	config    Config
	origin    string
	tokens    *token.Verifier
	redis     *goredis.Client
	limiter   ratelimit.Limiter
	exchanger *exchanger
	tasks     *rest.Client
	notices   *rest.Client
	state     *dapr.Versioned
	recent    *recent.Keeper
	consumer  *consumer.Consumer
	stop      context.CancelFunc

	conversations conversations
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) (err error) {
	if f.config, err = config.Load[Config](env); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	public, err := url.Parse(f.config.PublicURL)
	if err != nil || public.Host == "" {
		return fmt.Errorf("PUBLIC_URL: %q is not the URL of an origin", f.config.PublicURL)
	}
	f.origin = public.Scheme + "://" + public.Host
	if f.tokens, err = token.NewVerifier(ctx, f.config.Tokens); err != nil {
		return err
	}
	if f.redis, err = redis.Open(f.config.Redis); err != nil {
		return err
	}
	f.limiter = redis.NewLimiter(f.redis, "mcp:")
	transport := rest.Transport()
	f.exchanger = &exchanger{
		url: strings.TrimSuffix(f.config.AuthURL, "/") + "/internal/token", secret: f.config.Secret, http: &http.Client{Transport: transport},
	}
	if f.tasks, err = rest.New("tasks", f.config.TasksURL, transport); err != nil {
		return err
	}
	// Which answers nobody but a sidecar, so it is invoked through the own one.
	invoked := invoking{f.config.Sidecar, transport}
	if f.notices, err = rest.New("notifications", dapr.InvocationURL(f.config.Sidecar, "notifications"), invoked); err != nil {
		return err
	}
	sidecar, err := dapr.Dial(f.config.Sidecar)
	if err != nil {
		return err
	}
	f.state = dapr.NewVersioned(sidecar)
	f.recent, f.conversations = recent.NewKeeper(f.state), conversations{f.state}
	f.consumer = consumer.New(consumerName, dapr.NewLetters(sidecar), f.heed).Needs(f.Ready)
	f.gate.Open(f.routes())
	return nil
}

// invoking calls through the sidecar, and gives answers the status that the function meant.
type invoking struct {
	sidecar dapr.Config
	next    http.RoundTripper
}

func (i invoking) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	dapr.Ask(r.Header)
	i.sidecar.Authorize(r.Header)
	res, err := i.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	return res, dapr.Open(res)
}

// Ready reports whether requests can be answered. Redis and the sidecar are not asked: without them limits are
// looser, and the context is read from the log.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && f.tokens.Ready(ctx) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop gives the connections back. func-go has let the requests end by then.
func (f *Function) Stop(context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	f.stop()
	return f.redis.Close()
}
