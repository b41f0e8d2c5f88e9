// Package api has the types of what the API answers. They are generated from docs/openapi.yaml.
package api

//go:generate env GOWORK=off go -C ../../../tools/openapi tool oapi-codegen -config ../../e2e/client/api/config.yaml -o ../../e2e/client/api/api.go ../../docs/openapi.yaml
