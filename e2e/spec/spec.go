package spec

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// Spec is both documents, ready to check traffic. It is safe for concurrent use.
type Spec struct {
	http   *httpSpec
	events *eventSpec

	mu   sync.Mutex
	seen map[pair]bool
}

// shared is the only Spec of a process: reading the documents takes a while, and coverage is counted over all tests of
// a suite.
var shared = sync.OnceValues(func() (*Spec, error) {
	dir, err := docsDir()
	if err != nil {
		return nil, err
	}
	return Open(dir)
})

// Load returns the Spec of this process, and fails the test if the documents cannot be used.
func Load(t testing.TB) *Spec {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Open reads openapi.yaml and asyncapi.yaml in dir.
func Open(dir string) (*Spec, error) {
	openapi, err := os.ReadFile(filepath.Join(dir, openapiFile))
	if err != nil {
		return nil, err
	}
	asyncapi, err := os.ReadFile(filepath.Join(dir, asyncapiFile))
	if err != nil {
		return nil, err
	}
	s := &Spec{seen: map[pair]bool{}}
	docs, err := newDocuments(map[string][]byte{openapiFile: openapi, asyncapiFile: asyncapi})
	if err != nil {
		return nil, err
	}
	if s.http, err = newHTTPSpec(openapi, docs); err != nil {
		return nil, fmt.Errorf("%s: %w", openapiFile, err)
	}
	if s.events, err = newEventSpec(docs); err != nil {
		return nil, fmt.Errorf("%s: %w", asyncapiFile, err)
	}
	return s, nil
}

// docsDir finds docs/ from the working directory upwards: tests run in the folder of their package.
func docsDir() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		docs := filepath.Join(dir, "docs")
		if _, err := os.Stat(filepath.Join(docs, openapiFile)); err == nil {
			return docs, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("no docs/" + openapiFile + " in any folder above")
		}
		dir = parent
	}
}
