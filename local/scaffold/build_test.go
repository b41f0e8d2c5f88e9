package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/layout"
	fn "knative.dev/func/pkg/functions"
	"knative.dev/func/pkg/oci"
)

const registry = "localhost:5001/taskwire"

// TestFuncBuildsEveryFunction proves that `func build` builds an image of each function from committed files only.
// Without func's command line it calls the packages behind it.
func TestFuncBuildsEveryFunction(t *testing.T) {
	clone := filepath.Join(t.TempDir(), "clone")
	run(t, ".", "git", "clone", "--quiet", filepath.Join("..", ".."), clone)
	folders, err := filepath.Glob(filepath.Join(clone, "functions", "*", "func.yaml"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no functions: %v", err)
	}
	// Each function's own .func/go.work is used, as in a fresh clone.
	t.Setenv("GOWORK", "")
	t.Setenv("GOFLAGS", "-trimpath") // what a stack in another folder has compiled is not compiled again
	build := buildByLibrary
	if cli, err := exec.LookPath("func"); err == nil {
		build = func(t *testing.T, folder string) {
			run(t, folder, cli, "build", "--builder=host", "--registry", registry)
		}
	}
	for _, file := range folders {
		folder := filepath.Dir(file)
		t.Run(filepath.Base(folder), func(t *testing.T) {
			build(t, folder)
			checkImage(t, filepath.Join(folder, ".func", "build", "oci"))
		})
	}
}

func buildByLibrary(t *testing.T, folder string) {
	t.Helper()
	f, err := fn.NewFunction(folder)
	if err != nil {
		t.Fatal(err)
	}
	client := fn.New(fn.WithRegistry(registry), fn.WithScaffolder(oci.NewScaffolder(false)), fn.WithBuilder(oci.NewBuilder("host", false)))
	here := fn.Platform{OS: "linux", Architecture: runtime.GOARCH} // any other would compile everything a second time
	if _, err := client.Build(t.Context(), f, fn.BuildWithPlatforms([]fn.Platform{here})); err != nil {
		t.Fatal(err)
	}
}

// checkImage fails unless the OCI layout has an image that starts the function's program.
func checkImage(t *testing.T, path string) {
	t.Helper()
	index, err := layout.ImageIndexFromPath(path)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) == 0 {
		t.Fatalf("no image in %s: %v", path, err)
	}
	for _, m := range manifest.Manifests {
		image, err := index.Image(m.Digest)
		if err != nil {
			t.Fatal(err)
		}
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		if command := config.Config.Cmd; len(command) != 1 || command[0] != "/func/f" {
			t.Errorf("the image starts %q, want /func/f", command)
		}
	}
}

func run(t *testing.T, dir string, command ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), command[0], command[1:]...)
	c.Dir = dir
	if output, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, output)
	}
}
