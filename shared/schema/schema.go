// Package schema says which schema of the database this code is written for.
package schema

// Newest is the newest migration that this code knows, and needs. A test of migrations/ keeps it up to date.
const Newest int64 = 20261129120500
