package image_test

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"taskwire.dev/cluster/internal/image"
)

// newRegistry starts one in this process.
func newRegistry(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://") + "/taskwire"
}

// program is an image of a program of so many bytes, which do not compress.
func program(t *testing.T, architecture string, size int) v1.Image {
	t.Helper()
	content := make([]byte, size)
	seed := uint32(len(architecture) + 1)
	for i := range content {
		seed = seed*1664525 + 1013904223
		content[i] = byte(seed >> 24)
	}
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	made, err := image.Build(architecture, nil, image.File{Path: "/f", Source: path})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestComplete_SeesThePlaceholderOfAnArchitecture(t *testing.T) {
	t.Parallel()
	index := image.Join(map[string]v1.Image{"amd64": program(t, "amd64", 1<<20), "arm64": program(t, "arm64", 1<<20), "arm": program(t, "arm", 40)})
	for list, want := range map[string]bool{"amd64": true, "amd64 arm64": true, "amd64 arm": false, "riscv64": false} {
		if ok, err := image.Complete(index, strings.Fields(list)); err != nil || ok != want {
			t.Errorf("%s: %t, %v", list, ok, err)
		}
	}
}

// A registry's clean-up may remove the index, one of its images, or everything: pushed again, the digest is the same.
func TestPushIndex_RestoresWhatIsMissing(t *testing.T) {
	t.Parallel()
	repository := newRegistry(t) + "/tasks"
	store, err := image.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	digest, err := store.Add("tasks", image.Join(map[string]v1.Image{"amd64": program(t, "amd64", 100), "arm64": program(t, "arm64", 100)}))
	if err != nil {
		t.Fatal(err)
	}
	index, err := store.Get(digest)
	if err != nil {
		t.Fatal(err)
	}
	push := func(want bool) {
		t.Helper()
		if pushed, err := image.PushIndex(t.Context(), repository, "v1.0.0", index); err != nil || pushed != want {
			t.Fatalf("pushed %t, %v", pushed, err)
		}
		if _, err := image.Inspect(t.Context(), repository+"@"+digest); err != nil {
			t.Fatal(err)
		}
	}
	push(true)
	push(false)
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	for _, lost := range [][]string{{digest}, {manifest.Manifests[0].Digest.String()}, {manifest.Manifests[1].Digest.String(), digest}} {
		for _, one := range lost {
			reference, err := name.NewDigest(repository + "@" + one)
			if err != nil {
				t.Fatal(err)
			}
			if err := remote.Delete(reference); err != nil {
				t.Fatal(err)
			}
		}
		push(true)
		push(false)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	repository := newRegistry(t) + "/tasks"
	if found, err := image.Find(t.Context(), repository+":abc"); err != nil || found != nil {
		t.Errorf("none: %v, %v", found, err)
	}
	one := program(t, "amd64", 100)
	if _, err := image.Push(t.Context(), repository+":single", one); err != nil {
		t.Fatal(err)
	}
	if found, err := image.Find(t.Context(), repository+":single"); err != nil || found != nil {
		t.Errorf("a single image: %v, %v", found, err)
	}
	if _, err := image.PushIndex(t.Context(), repository, "abc", image.Join(map[string]v1.Image{"amd64": one})); err != nil {
		t.Fatal(err)
	}
	found, err := image.Find(t.Context(), repository+":abc")
	if err != nil || found == nil {
		t.Fatalf("%v, %v", found, err)
	}
	folder := t.TempDir()
	if err := image.Extract(found, "amd64", folder); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(filepath.Join(folder, "f")); err != nil || len(content) != 100 {
		t.Errorf("%d bytes, %v", len(content), err)
	}
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refuses.Close()
	if _, err := image.Find(t.Context(), strings.TrimPrefix(refuses.URL, "http://")+"/tasks:abc"); err == nil {
		t.Error("a registry that refuses is taken for one without the image")
	}
}
