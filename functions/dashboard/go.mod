module taskwire.dev/functions/dashboard

go 1.26.0

require (
	github.com/go-json-experiment/json v1.27.2 // indirect
	taskwire.dev/shared v0.0.0
)

replace taskwire.dev/shared => ../../shared
