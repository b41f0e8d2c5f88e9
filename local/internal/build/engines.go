package build

import "context"

// VictoriaMetrics builds the store of metrics.
func (b *Builder) VictoriaMetrics(ctx context.Context) (string, error) {
	return b.cached(ctx, program{
		module: "victoriametrics", name: "victoria-metrics", target: "github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics",
		title: "Build VictoriaMetrics (minutes the first time)",
	})
}

// VMAlert builds the program that evaluates the alert rules.
func (b *Builder) VMAlert(ctx context.Context) (string, error) {
	return b.cached(ctx, program{
		module: "victoriametrics", name: "vmalert", target: "github.com/VictoriaMetrics/VictoriaMetrics/app/vmalert",
		title: "Build vmalert",
	})
}

// Jaeger builds the store of traces.
func (b *Builder) Jaeger(ctx context.Context) (string, error) {
	return b.cached(ctx, program{
		module: "jaeger", name: "jaeger", target: "github.com/jaegertracing/jaeger/cmd/all-in-one",
		title: "Build Jaeger (minutes the first time)",
	})
}

// Mailpit builds the server that catches mail.
func (b *Builder) Mailpit(ctx context.Context) (string, error) {
	return b.cached(ctx, program{
		module: "mailpit", name: "mailpit", target: "github.com/axllent/mailpit",
		title: "Build Mailpit",
	})
}

// Provider builds the OpenID provider.
func (b *Builder) Provider(ctx context.Context) (string, error) {
	return b.cached(ctx, program{module: "provider", name: "provider", target: ".", title: "Build the OpenID provider"})
}
