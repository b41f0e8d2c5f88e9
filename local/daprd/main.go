// Command daprd is Dapr's sidecar with only the components that Taskwire uses in dapr/.
//
// The stock binary registers some two hundred components and is three times the size. An installed daprd is preferred
// over this one: see local/README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/dapr/kit/concurrency"
	"github.com/dapr/kit/logger"
	"github.com/dapr/kit/signals"
	"go.opencensus.io/stats/view"

	"github.com/dapr/dapr/cmd/daprd/options"
	"github.com/dapr/dapr/pkg/buildinfo"
	"github.com/dapr/dapr/pkg/healthz"
	"github.com/dapr/dapr/pkg/metrics"
	"github.com/dapr/dapr/pkg/modes"
	"github.com/dapr/dapr/pkg/runtime"
	"github.com/dapr/dapr/pkg/security"
)

var log = logger.NewLogger("dapr.runtime")

func main() {
	opts, err := options.New(os.Args[1:])
	if err != nil {
		log.Fatalf("flags: %v", err)
	}
	if opts.RuntimeVersion {
		fmt.Println(buildinfo.Version())
		return
	}
	opts.Logger.SetAppID(opts.AppID)
	if err := logger.ApplyOptionsToLoggers(&opts.Logger); err != nil {
		log.Fatal(err)
	}

	if err := run(signals.Context(), opts); err != nil && !errors.Is(err, context.Canceled) {
		log.Fatal(err)
	}
}

// run starts the security provider and, once it has an identity, the runtime; it returns when either ends.
func run(ctx context.Context, opts *options.Options) error {
	hz := healthz.New()
	sec, err := security.New(ctx, security.Options{
		SentryAddress:           opts.SentryAddress,
		ControlPlaneTrustDomain: opts.ControlPlaneTrustDomain,
		ControlPlaneNamespace:   opts.ControlPlaneNamespace,
		TrustAnchors:            opts.TrustAnchors,
		AppID:                   opts.AppID,
		MTLSEnabled:             opts.EnableMTLS,
		Mode:                    modes.DaprMode(opts.Mode),
		Healthz:                 hz,
		JwtAudiences:            opts.SentryRequestJwtAudiences,
	})
	if err != nil {
		return fmt.Errorf("security: %w", err)
	}
	return concurrency.NewRunnerManager(sec.Run, func(ctx context.Context) error {
		handler, err := sec.Handler(ctx)
		if err != nil {
			return err
		}
		rt, err := runtime.FromConfig(ctx, config(opts, hz, handler))
		if err != nil {
			return err
		}
		return rt.Run(ctx)
	}).Run(ctx)
}

// config passes every flag on to the runtime.
func config(o *options.Options, hz healthz.Healthz, sec security.Handler) *runtime.Config {
	return &runtime.Config{
		AppID:                         o.AppID,
		ActorsService:                 o.ActorsService,
		ActorsDisseminationTimeout:    o.ActorsDisseminationTimeout,
		AllowedOrigins:                o.AllowedOrigins,
		AppBindingOptionsTimeout:      o.AppBindingOptionsTimeout,
		AppChannelAddress:             o.AppChannelAddress,
		AppHealthCheckPath:            o.AppHealthCheckPath,
		AppHealthProbeInterval:        o.AppHealthProbeInterval,
		AppHealthProbeTimeout:         o.AppHealthProbeTimeout,
		AppHealthThreshold:            o.AppHealthThreshold,
		AppMaxConcurrency:             o.AppMaxConcurrency,
		AppProtocol:                   o.AppProtocol,
		AppSSL:                        o.AppSSL,
		ApplicationPort:               o.AppPort,
		ComponentsPath:                o.ComponentsPath,
		Config:                        o.Config,
		ControlPlaneAddress:           o.ControlPlaneAddress,
		DaprAPIGRPCPort:               o.DaprAPIGRPCPort,
		DaprAPIListenAddresses:        o.DaprAPIListenAddresses,
		DaprBlockShutdownDuration:     o.DaprBlockShutdownDuration,
		DaprGracefulShutdownSeconds:   o.DaprGracefulShutdownSeconds,
		DaprHTTPPort:                  o.DaprHTTPPort,
		DaprInternalGRPCListenAddress: o.DaprInternalGRPCListenAddress,
		DaprInternalGRPCPort:          o.DaprInternalGRPCPort,
		DaprPublicListenAddress:       o.DaprPublicListenAddress,
		DaprPublicPort:                o.DaprPublicPort,
		DisableBuiltinK8sSecretStore:  o.DisableBuiltinK8sSecretStore,
		DisableInitEndpoints:          o.DisableInitEndpoints,
		EnableAPILogging:              o.EnableAPILogging,
		EnableAppHealthCheck:          o.EnableAppHealthCheck,
		EnableMTLS:                    o.EnableMTLS,
		EnableProfiling:               o.EnableProfiling,
		Healthz:                       hz,
		HotReloadReconcileInterval:    o.HotReloadReconcileInterval,
		MaxRequestSize:                o.MaxRequestSize,
		Metrics: metrics.Options{
			Enabled:       o.Metrics.Enabled(),
			Healthz:       hz,
			ListenAddress: o.Metrics.ListenAddress(),
			Log:           log,
			Meter:         view.NewMeter(),
			Namespace:     metrics.DefaultMetricNamespace,
			Port:          o.Metrics.Port(),
		},
		Mode:             o.Mode,
		ProfilePort:      o.ProfilePort,
		ReadBufferSize:   o.ReadBufferSize,
		Registry:         components(),
		RemindersService: o.RemindersService,
		ResourcesPath:    o.ResourcesPath,
		SchedulerAddress: o.SchedulerAddress,
		SchedulerStreams: o.SchedulerJobStreams,
		Security:         sec,
		SentryAddress:    o.SentryAddress,
		UnixDomainSocket: o.UnixDomainSocket,
	}
}
