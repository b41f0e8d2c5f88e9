// Package function is the auth function: accounts, sessions, personal access tokens, and the keys by which
// every other function verifies what is signed here. See docs/openapi.yaml.
package function

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"

	"taskwire.dev/functions/auth/internal/account"
	"taskwire.dev/functions/auth/internal/factor"
	"taskwire.dev/functions/auth/internal/mail"
	"taskwire.dev/functions/auth/internal/oauth"
	"taskwire.dev/functions/auth/internal/provider"
	"taskwire.dev/functions/auth/internal/signer"
	"taskwire.dev/functions/auth/internal/store"
	"taskwire.dev/shared/fn"
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
	PrivateApps   bool   `env:"OAUTH_PRIVATE_APPS"`
	FactorKeys    string `env:"FACTOR_KEYS,required,unset"`
	Providers     string `env:"OIDC_PROVIDERS,unset"`
	Mail          mail.Config
}

// maxHashes is how many password hashes of 19 MiB fit into the function's 64 MiB at a time.
const maxHashes = 2

// pageReset is the dashboard's page for a new password.
const pageReset = "/reset"

// Function is an instance; New makes it and func-go calls its methods.
type Function struct {
	*fn.Base
	hasher   *account.Hasher
	signer   *signer.Signer
	tokens   *token.Verifier
	accounts *account.Accounts
	apps     *oauth.Server
	origin   origin
	hops     int

	resetPage string // where links for a new password lead to

	mcpSecret string
}

// New returns an instance that has not started.
func New() *Function {
	f := &Function{hasher: account.NewHasher(min(maxHashes, runtime.GOMAXPROCS(0)))}
	f.Base = fn.New(f.start)
	return f
}

// start opens what the function works with.
func (f *Function) start(ctx context.Context, c Config) (_ http.Handler, err error) {
	if f.origin, err = parseOrigin(c.PublicURL); err != nil {
		return nil, fmt.Errorf("PUBLIC_URL: %w", err)
	}
	f.hops, f.mcpSecret = c.ForwardedHops, c.MCPSecret
	sealer, err := factor.NewSealer(c.FactorKeys)
	if err != nil {
		return nil, fmt.Errorf("FACTOR_KEYS: %w", err)
	}
	passkeys, err := factor.NewPasskeys(f.origin.url)
	if err != nil {
		slog.WarnContext(ctx, "there are no passkeys: PUBLIC_URL has no host name that they can belong to", "error", err)
		passkeys = nil
	}
	configs, err := provider.ParseConfig(c.Providers)
	if err != nil {
		return nil, fmt.Errorf("OIDC_PROVIDERS: %w", err)
	}
	site := strings.TrimSuffix(c.PublicURL, "/")
	var providers []*provider.Provider
	for _, p := range configs {
		providers = append(providers, provider.New(p, site+pageReturn))
	}
	rules := token.Rules{Issuer: c.Issuer, Audience: c.Audience}
	if f.signer, err = signer.New(c.SigningKey, rules); err != nil {
		return nil, err
	}
	if f.tokens, err = token.NewLocalVerifier(f.signer.Keys(), rules); err != nil {
		return nil, err
	}
	pool, err := postgres.Open(ctx, c.Database)
	if err != nil {
		return nil, err
	}
	f.OnStop(pool.Close)
	f.Needs(pool.Ready)
	cache, err := redis.Open(c.Redis) // not needed: without it limits are only looser
	if err != nil {
		return nil, err
	}
	f.OnStop(func() { _ = cache.Close() })
	sender, err := mail.New(c.Mail)
	if err != nil {
		return nil, err
	}
	accounts := store.New(pool)
	limiter := redis.NewLimiter(cache, "auth:")
	f.apps = oauth.New(oauth.Config{Issuer: c.Issuer, Origin: f.origin.url.Scheme + "://" + f.origin.url.Host, PrivateClients: c.PrivateApps, Registrations: c.Registrations}, accounts, f.signer, f.tokens, limiter)
	f.accounts = account.New(accounts, f.signer, f.hasher, limiter,
		account.Limits{Registrations: c.Registrations, Logins: c.Logins, LoginFailures: c.LoginFailures},
		passkeys, sealer, providers)
	f.resetPage = site + pageReset
	if sender != nil {
		f.Go(f.accounts.NewMailer(accounts, sender, f.resetPage).Run)
	}
	return f.named(f.routes()), nil
}
