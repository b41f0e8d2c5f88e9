package cluster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"taskwire.dev/cluster/internal/commit"
	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/cluster/internal/release"
	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/progress"
)

// bench makes releases of this repository's manifests, with programs that are a few bytes.
type bench struct {
	*releasing
	built []string
}

func newBench(t *testing.T, root, version string) *bench {
	t.Helper()
	b := &bench{}
	b.releasing = &releasing{
		ReleaseOptions: ReleaseOptions{Root: root, Version: version, Environment: Production, Architectures: []string{"amd64", "arm64"}},
		commit:         commit.Commit{Hash: strings.Repeat("ab", 20), Time: time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)},
		report:         newSilent(t),
	}
	content := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(content, bytes.Repeat([]byte("program of "+version+"\n"), 1000), 0o600); err != nil {
		t.Fatal(err)
	}
	programs := map[string]v1.Image{}
	for _, architecture := range b.Architectures {
		one, err := image.Build(architecture, nil, image.File{Path: "/f", Source: content})
		if err != nil {
			t.Fatal(err)
		}
		programs[architecture] = one
	}
	done := make(chan string, 100)
	b.build = func(_ context.Context, f function.Function) (v1.ImageIndex, error) {
		done <- f.Name
		return image.Join(programs), nil
	}
	b.migrate = func(context.Context) (v1.ImageIndex, error) { return image.Join(programs), nil }
	b.sbom = func(_ context.Context, programs, to string) error {
		for _, path := range []string{"tasks/f", "migrate/f", "dashboard/package-lock.json"} {
			if _, err := os.Stat(filepath.Join(programs, path)); err != nil {
				return err
			}
		}
		for len(done) > 0 {
			b.built = append(b.built, <-done)
		}
		return os.WriteFile(to, []byte("{}\n"), 0o600)
	}
	return b
}

func newSilent(t *testing.T) *progress.Reporter {
	t.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	report := progress.New(null)
	t.Cleanup(func() { report.Close(); _ = null.Close() })
	return report
}

// newRoot is a copy of what a release reads of the repository.
func newRoot(t *testing.T) string {
	t.Helper()
	const repository = "../../.."
	root := t.TempDir()
	if err := bundle.Stage(repository, Production, root, nil); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(repository + "/functions/*/func.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, repository+"/frontend/package-lock.json") {
		relative, err := filepath.Rel(repository, file)
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(root, filepath.Dir(relative)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, relative), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// newRegistry starts a registry in this process.
func newRegistry(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://") + "/taskwire"
}

// Two releases of one commit; then the registry's clean-up removes all images, which a rollback needs.
func TestRelease_SurvivesTheRegistrysCleanUp(t *testing.T) {
	t.Parallel()
	root, where := newRoot(t), newRegistry(t)
	first := newBench(t, root, "v1.0.0")
	first.Registry = where
	if err := first.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(first.built, "tasks") {
		t.Errorf("built %v", first.built)
	}
	folder := release.Folder(root, "v1.0.0")
	for _, file := range []string{release.Manifest, release.SBOM, release.ImageList, "taskwire-1.0.0.tgz", "release.json", "SHA256SUMS", "images/index.json"} {
		if info, err := os.Stat(filepath.Join(folder, file)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", file, err)
		}
	}
	opened, err := release.Open(root, "v1.0.0")
	if err != nil {
		t.Fatal(err)
	}
	checkManifest(t, folder, opened)

	// The same commit once more: the images are taken as they are.
	second := newBench(t, root, "v1.0.1")
	second.Registry = where
	if err := second.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(second.built) > 0 {
		t.Errorf("built again: %v", second.built)
	}
	if restored, err := opened.Restore(t.Context(), folder); err != nil || len(restored) > 0 {
		t.Errorf("nothing is missing, restored %v, %v", restored, err)
	}
	for _, i := range opened.Images {
		forget(t, where+"/"+i.Name+"@"+i.Digest)
	}
	forget(t, where+"/tasks@"+childDigest(t, folder, opened.Digests()["tasks"]))
	restored, err := opened.Restore(t.Context(), folder)
	if err != nil || len(restored) != len(opened.Images) {
		t.Fatalf("restored %v, %v", restored, err)
	}
	for _, i := range opened.Images {
		for _, suffix := range []string{"@" + i.Digest, ":v1.0.0"} {
			if _, err := image.Inspect(t.Context(), where+"/"+i.Name+suffix); err != nil {
				t.Error(err)
			}
		}
	}
}

// checkManifest looks whether the manifest has every function by its digest, and Jobs with a name of this release.
func checkManifest(t *testing.T, folder string, r release.Release) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(folder, release.Manifest))
	if err != nil {
		t.Fatal(err)
	}
	objects, err := manifest.Parse(content)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Images {
		if !bytes.Contains(content, []byte("image: "+r.Registry+"/"+i.Name+"@"+i.Digest+"\n")) {
			t.Errorf("%s is not in the manifest by its digest", i.Name)
		}
	}
	if bytes.Contains(content, []byte("image: "+bundle.MigrateReference)) {
		t.Error("a Job has the image of the sources")
	}
	job, err := schemaJob(objects, r.Version)
	if err != nil {
		t.Fatal(err)
	}
	made, err := manifest.Encode([]manifest.Object{job})
	if err != nil || !bytes.Contains(made, []byte("name: schema-v1-0-0\n")) || !bytes.Contains(made, []byte("- supports\n")) || bytes.Contains(made, []byte("passwords")) {
		t.Errorf("%s, %v", made, err)
	}
}

func forget(t *testing.T, reference string) {
	t.Helper()
	target, err := name.NewDigest(reference)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Delete(target); err != nil {
		t.Fatal(err)
	}
}

// childDigest is the digest of one of the images in an index.
func childDigest(t *testing.T, folder, digest string) string {
	t.Helper()
	store, err := image.OpenStore(filepath.Join(folder, release.Images))
	if err != nil {
		t.Fatal(err)
	}
	index, err := store.Get(digest)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	return manifest.Manifests[0].Digest.String()
}

func TestRelease_LeavesNothingWhenItFails(t *testing.T) {
	t.Parallel()
	root := newRoot(t)
	b := newBench(t, root, "v1.0.0")
	b.Registry, b.Environment = newRegistry(t), Kind
	failure := errors.New("no SBOM") // after everything else
	b.sbom = func(context.Context, string, string) error { return failure }
	if err := b.make(t.Context()); !errors.Is(err, failure) {
		t.Errorf("%v", err)
	}
	if left, err := os.ReadDir(filepath.Join(root, "dist")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestCheckRelease_Refuses(t *testing.T) {
	t.Setenv("FUNC", "/bin/true")
	root := newRoot(t)
	for _, args := range [][]string{
		{"init", "--quiet"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "one"},
	} {
		if output, err := exec.CommandContext(t.Context(), "git", append([]string{"-C", root}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, output)
		}
	}
	good := ReleaseOptions{Root: root, Version: "v1.2.3", Registry: "registry.example.com/taskwire", Environment: Production}
	if _, err := CheckRelease(t.Context(), good); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*ReleaseOptions){
		"VERSION is not set":        func(o *ReleaseOptions) { o.Version = "" },
		"want a version such as":    func(o *ReleaseOptions) { o.Version = "1.2.3" },
		"VERSION=v1.2.3+linux":      func(o *ReleaseOptions) { o.Version = "v1.2.3+linux" },
		"VERSION=../v1.2.3":         func(o *ReleaseOptions) { o.Version = "../v1.2.3" },
		"REGISTRY is not set":       func(o *ReleaseOptions) { o.Registry = "" },
		"no overlay eventing/":      func(o *ReleaseOptions) { o.Environment = "moon" },
		"a release does not change": func(o *ReleaseOptions) { o.Version = "v1.0.0" },
		"a release is built from a commit": func(*ReleaseOptions) {
			if err := os.WriteFile(filepath.Join(root, "new"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		if err := os.MkdirAll(release.Folder(root, "v1.0.0"), 0o700); err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(filepath.Join(root, "new"))
		o := good
		change(&o)
		if _, err := CheckRelease(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestOpen_NoticesDamage(t *testing.T) {
	t.Parallel()
	root := newRoot(t)
	b := newBench(t, root, "v1.0.0")
	b.Registry, b.Environment, b.PublicURL = newRegistry(t), TestCluster, PublicURL(TestCluster)
	if err := b.make(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(release.Folder(root, "v1.0.0"), release.Manifest)
	if content, err := os.ReadFile(path); err != nil || !bytes.Contains(content, []byte("PUBLIC_URL: "+b.PublicURL+"\n")) {
		t.Errorf("the manifest has not the public URL: %v", err)
	}
	if _, err := release.Open(root, "v2.0.0"); err == nil || !strings.Contains(err.Error(), "there is no release dist/v2.0.0") {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile(path, []byte("kind: Other\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := release.Open(root, "v1.0.0"); err == nil || !strings.Contains(err.Error(), "taskwire.yaml has changed") {
		t.Errorf("%v", err)
	}
}
