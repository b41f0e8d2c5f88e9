// Package config reads a function's configuration: a struct with `env` tags, filled from the environment.
// Each variable is documented in the function's func.yaml.
package config

import (
	"fmt"

	"github.com/caarlos0/env/v11"
)

// Load fills a T from the variables in values, or says which are missing or cannot be read. func-go hands a
// function's Start all environment variables as such a map.
func Load[T any](values map[string]string) (T, error) {
	c, err := env.ParseAsWithOptions[T](env.Options{Environment: values})
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	return c, nil
}
