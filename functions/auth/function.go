// Package function is the auth function: accounts, sessions, personal access tokens, and the keys by which
// every other function verifies what is signed here. See docs/openapi.yaml.
package function

import (
	"context"
	"fmt"
	"net/http"
	"runtime"

	goredis "github.com/redis/go-redis/v9"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/store"
	"taskwire.dev/shared/config"
	"taskwire.dev/shared/function"
	"taskwire.dev/shared/postgres"
	"taskwire.dev/shared/redis"
	"taskwire.dev/shared/token"
)

// Config of the function; func.yaml describes each variable.
type Config struct {
	Database      postgres.Config
	Redis         redis.Config
	SigningKey    string `env:"JWT_SIGNING_KEY,required,unset"`
	Issuer        string `env:"JWT_ISSUER,required"`
	Audience      string `env:"JWT_AUDIENCE,required"`
	PublicURL     string `env:"PUBLIC_URL,required"`
	Registrations int    `env:"REGISTER_LIMIT_PER_HOUR" envDefault:"30"`
	Logins        int    `env:"LOGINS_PER_HOUR" envDefault:"600"`
	LoginFailures int    `env:"LOGIN_FAILURES_PER_HOUR" envDefault:"100"`
	ForwardedHops int    `env:"FORWARDED_HOPS" envDefault:"1"`
	MCPSecret     string `env:"MCP_CLIENT_SECRET,unset"`
}

// maxHashes is how many password hashes of 19 MiB fit into the function's 64 MiB at a time.
const maxHashes = 2

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	gate     function.Gate
	pool     *postgres.Pool
	redis    *goredis.Client
	signer   *token.Signer
	tokens   *token.Verifier
	accounts *account.Accounts
	origin   origin
	hops     int

	mcpSecret string
}

// New returns an instance that has not started.
func New() *Function { return &Function{} }

// Start opens what the function works with. It waits for nothing: Ready tells when all is there.
func (f *Function) Start(_ context.Context, env map[string]string) error {
	c, err := config.Load[Config](env)
	if err != nil {
		return err
	}
	if f.origin, err = parseOrigin(c.PublicURL); err != nil {
		return fmt.Errorf("PUBLIC_URL: %w", err)
	}
	f.hops, f.mcpSecret = c.ForwardedHops, c.MCPSecret
	rules := token.Rules{Issuer: c.Issuer, Audience: c.Audience}
	if f.signer, err = token.NewSigner(c.SigningKey, rules); err != nil {
		return err
	}
	if f.tokens, err = token.NewLocalVerifier(f.signer.Keys(), rules); err != nil {
		return err
	}
	if f.pool, err = postgres.Open(context.Background(), c.Database); err != nil {
		return err
	}
	if f.redis, err = redis.Open(c.Redis); err != nil {
		return err
	}
	f.accounts = account.New(store.New(f.pool), f.signer,
		account.NewHasher(min(maxHashes, runtime.GOMAXPROCS(0))), redis.NewLimiter(f.redis, "auth:"),
		account.Limits{Registrations: c.Registrations, Logins: c.Logins, LoginFailures: c.LoginFailures})
	f.gate.Open(f.named(f.routes()))
	return nil
}

// Ready reports whether requests can be answered. Redis is not asked: without it limits are only looser.
func (f *Function) Ready(ctx context.Context) (bool, error) {
	return f.gate.IsOpen() && postgres.Ready(ctx, f.pool) == nil, nil
}

// Handle answers one request.
func (f *Function) Handle(w http.ResponseWriter, r *http.Request) { f.gate.ServeHTTP(w, r) }

// Stop gives the connections back. func-go has let the requests end by then.
func (f *Function) Stop(context.Context) error {
	if !f.gate.IsOpen() {
		return nil
	}
	f.pool.Close()
	return f.redis.Close()
}
