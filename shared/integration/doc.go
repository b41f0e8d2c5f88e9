// Package integration holds the tests of Taskwire's adapters against a real PostgreSQL.
package integration
