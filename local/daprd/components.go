package main

import (
	cronbinding "github.com/dapr/components-contrib/bindings/cron"
	nrkubernetes "github.com/dapr/components-contrib/nameresolution/kubernetes"
	nrsqlite "github.com/dapr/components-contrib/nameresolution/sqlite"
	psmemory "github.com/dapr/components-contrib/pubsub/in-memory"
	pskafka "github.com/dapr/components-contrib/pubsub/kafka"
	ssenv "github.com/dapr/components-contrib/secretstores/local/env"
	ssfile "github.com/dapr/components-contrib/secretstores/local/file"
	stmemory "github.com/dapr/components-contrib/state/in-memory"
	stredis "github.com/dapr/components-contrib/state/redis"

	"github.com/dapr/dapr/pkg/components/bindings"
	"github.com/dapr/dapr/pkg/components/configuration"
	"github.com/dapr/dapr/pkg/components/conversation"
	"github.com/dapr/dapr/pkg/components/crypto"
	"github.com/dapr/dapr/pkg/components/lock"
	"github.com/dapr/dapr/pkg/components/middleware/http"
	"github.com/dapr/dapr/pkg/components/nameresolution"
	"github.com/dapr/dapr/pkg/components/pubsub"
	"github.com/dapr/dapr/pkg/components/secretstores"
	"github.com/dapr/dapr/pkg/components/state"
	"github.com/dapr/dapr/pkg/runtime/registry"
	"github.com/dapr/kit/logger"
)

// components registers the components that dapr/ uses. A component type that is not listed here is rejected at start
// with "couldn't find ... component", which names the missing line.
func components() *registry.Options {
	contrib := logger.NewLogger("dapr.contrib")
	pubsub.DefaultRegistry.Logger = contrib
	state.DefaultRegistry.Logger = contrib
	bindings.DefaultRegistry.Logger = contrib
	secretstores.DefaultRegistry.Logger = contrib
	nameresolution.DefaultRegistry.Logger = contrib
	configuration.DefaultRegistry.Logger = contrib
	conversation.DefaultRegistry.Logger = contrib
	crypto.DefaultRegistry.Logger = contrib
	lock.DefaultRegistry.Logger = contrib
	http.DefaultRegistry.Logger = contrib

	pubsub.DefaultRegistry.RegisterComponent(pskafka.NewKafka, "kafka")
	pubsub.DefaultRegistry.RegisterComponent(psmemory.New, "in-memory")
	state.DefaultRegistry.RegisterComponent(stredis.NewRedisStateStore, "redis")
	state.DefaultRegistry.RegisterComponent(stmemory.NewInMemoryStateStore, "in-memory")
	bindings.DefaultRegistry.RegisterInputBinding(cronbinding.NewCron, "cron")
	secretstores.DefaultRegistry.RegisterComponent(ssenv.NewEnvSecretStore, "local.env")
	secretstores.DefaultRegistry.RegisterComponent(ssfile.NewLocalSecretStore, "local.file")
	nameresolution.DefaultRegistry.RegisterComponent(nrsqlite.NewResolver, "sqlite")
	nameresolution.DefaultRegistry.RegisterComponent(nrkubernetes.NewResolver, "kubernetes")

	return registry.NewOptions().
		WithSecretStores(secretstores.DefaultRegistry).
		WithStateStores(state.DefaultRegistry).
		WithConfigurations(configuration.DefaultRegistry).
		WithLocks(lock.DefaultRegistry).
		WithPubSubs(pubsub.DefaultRegistry).
		WithNameResolutions(nameresolution.DefaultRegistry).
		WithBindings(bindings.DefaultRegistry).
		WithCryptoProviders(crypto.DefaultRegistry).
		WithHTTPMiddlewares(http.DefaultRegistry).
		WithConversations(conversation.DefaultRegistry)
}
