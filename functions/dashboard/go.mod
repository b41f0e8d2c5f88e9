module taskwire.dev/functions/dashboard

go 1.26.0

require taskwire.dev/shared v0.0.0

require (
	github.com/caarlos0/env/v11 v11.3.1 // indirect
	github.com/go-json-experiment/json v1.27.2 // indirect
)

replace taskwire.dev/shared => ../../shared
