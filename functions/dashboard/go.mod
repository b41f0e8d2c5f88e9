module taskwire.dev/functions/dashboard

go 1.26.0

require taskwire.dev/shared v0.0.0

replace taskwire.dev/shared => ../../shared
