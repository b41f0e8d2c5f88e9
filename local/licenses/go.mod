module taskwire.dev/local/licenses

go 1.26.0

require (
	github.com/github/go-spdx/v2 v2.8.0
	github.com/google/licensecheck v0.3.1
	sigs.k8s.io/yaml v1.6.0
)

require go.yaml.in/yaml/v2 v2.4.2 // indirect
