package cluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"golang.org/x/sync/errgroup"

	"taskwire.dev/cluster/internal/commit"
	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/cluster/internal/release"
	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/progress"
)

// ReleaseOptions say what to release.
type ReleaseOptions struct {
	Root, Version string
	// Environment is the overlay.
	Environment string
	// Registry is where the images go.
	Registry string
	// Architectures of the images.
	Architectures []string
	// PublicURL is Taskwire's address for browsers: PUBLIC_URL. An empty one means that of the overlay.
	PublicURL string
	// Rebuild builds images that the registry has of this commit.
	Rebuild bool
}

// releasing is one release that is being made.
type releasing struct {
	ReleaseOptions
	commit    commit.Commit
	report    *progress.Reporter
	functions []function.Function
	release   release.Release
	folder    string // becomes dist/VERSION when everything is in it
	build     func(context.Context, function.Function) (v1.ImageIndex, error)
	migrate   func(context.Context) (v1.ImageIndex, error)
	sbom      func(ctx context.Context, programs, to string) error
}

// CheckRelease is an error if there cannot be such a release. It needs no time, so it comes first.
func CheckRelease(ctx context.Context, o ReleaseOptions) (commit.Commit, error) {
	if err := release.CheckVersion(o.Version); err != nil {
		return commit.Commit{}, err
	}
	if o.Registry == "" {
		return commit.Commit{}, errors.New("REGISTRY is not set: the registry of the images, such as registry.example.com/you/taskwire")
	}
	if _, err := os.Stat(release.Folder(o.Root, o.Version)); err == nil {
		return commit.Commit{}, fmt.Errorf("dist/%s exists: a release does not change; choose another version", o.Version)
	}
	if _, err := os.Stat(filepath.Join(o.Root, "eventing", "overlays", o.Environment)); err != nil {
		return commit.Commit{}, fmt.Errorf("there is no overlay eventing/overlays/%s", o.Environment)
	}
	if err := checkTools(funcTool); err != nil {
		return commit.Commit{}, err
	}
	c, err := commit.Read(ctx, o.Root)
	if err != nil {
		return c, err
	}
	return c, c.Clean("a release")
}

// Release makes dist/VERSION.
func Release(ctx context.Context, o ReleaseOptions, report *progress.Reporter) error {
	c, err := CheckRelease(ctx, o)
	if err != nil {
		return err
	}
	r := &releasing{ReleaseOptions: o, commit: c, report: report}
	compiler, err := linkGo(o.Root)
	if err != nil {
		return err
	}
	env := funcEnvironment(os.Environ(), c, compiler, o.Architectures)
	r.build = func(ctx context.Context, f function.Function) (v1.ImageIndex, error) {
		return r.buildByFunc(ctx, f, env)
	}
	r.migrate = r.buildMigrate
	r.sbom = r.writeSBOM
	return r.make(ctx)
}

func (r *releasing) make(ctx context.Context) (err error) {
	dist := filepath.Dir(release.Folder(r.Root, r.Version))
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return err
	}
	if r.folder, err = os.MkdirTemp(dist, ".unfinished-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(r.folder) }()
	if err := os.Chmod(r.folder, 0o755); err != nil {
		return err
	}
	if r.functions, err = function.Discover(r.Root); err != nil {
		return err
	}
	r.release = release.Release{
		Version: r.Version, Commit: r.commit.Hash, Created: r.commit.Time, Environment: r.Environment,
		Architectures: r.Architectures, Registry: r.Registry,
	}
	for _, step := range []func(context.Context) error{r.images, r.manifests, r.content} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := r.release.Write(r.folder); err != nil {
		return err
	}
	return os.Rename(r.folder, release.Folder(r.Root, r.Version))
}

// images takes or builds all images, two at a time, stores them, and pushes them with the tags of the commit and of the
// version.
func (r *releasing) images(ctx context.Context) error {
	if err := linkShared(r.Root); err != nil {
		return err
	}
	store, err := image.NewStore(filepath.Join(r.folder, release.Images))
	if err != nil {
		return err
	}
	built := make([]v1.ImageIndex, len(r.functions)+1)
	group, all := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for i, f := range r.functions {
		group.Go(func() error {
			found, err := r.find(ctx, f) // read later, so not with the context of the group
			if err != nil || found != nil {
				built[i] = found
				return err
			}
			return r.report.Do("Build "+f.Name, func() (err error) {
				built[i], err = r.build(all, f)
				return err
			})
		})
	}
	group.Go(func() error {
		return r.report.Do("Build "+bundle.Migrate, func() (err error) {
			built[len(r.functions)], err = r.migrate(all)
			return err
		})
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return r.report.Do("Push the images to "+r.Registry, func() error {
		for i, index := range built {
			name := bundle.Migrate
			if i < len(r.functions) {
				name = r.functions[i].Name
			}
			digest, err := store.Add(name, index)
			if err != nil {
				return err
			}
			r.release.Images = append(r.release.Images, release.Image{Name: name, Digest: digest})
			for _, tag := range []string{r.commit.Tag(), r.Version} {
				if _, err := image.PushIndex(ctx, r.Registry+"/"+name, tag, index); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// find returns the image that the registry has of this commit, which may have been tested in a cluster already; nil if
// it has none.
func (r *releasing) find(ctx context.Context, f function.Function) (v1.ImageIndex, error) {
	if r.Rebuild {
		return nil, nil
	}
	found, err := image.Find(ctx, imageName(r.Registry, f.Name, r.commit))
	if err != nil || found == nil {
		return nil, err
	}
	complete, err := image.Complete(found, r.Architectures)
	if err != nil || !complete {
		return nil, err
	}
	r.report.Say("  ✓ Take %s of %s", f.Name, r.commit.Tag())
	return found, nil
}

// buildByFunc builds in a copy, as make deploy does.
func (r *releasing) buildByFunc(ctx context.Context, f function.Function, env []string) (v1.ImageIndex, error) {
	d := deployment{Function: f, dir: filepath.Join(state(r.Root), "functions", f.Name)}
	if err := d.copy(r.commit, 0); err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, funcTool.binary(), "build", "--builder=host", "--push=false",
		"--image", imageName(r.Registry, f.Name, r.commit))
	command.Dir, command.Env = d.dir, env
	if output, err := command.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("func build %s: %w\n%s", f.Name, err, tail(output))
	}
	return image.Built(d.dir)
}

func (r *releasing) buildMigrate(ctx context.Context) (v1.ImageIndex, error) {
	made := map[string]v1.Image{}
	for _, arch := range r.Architectures {
		one, err := buildMigrate(ctx, Options{Root: r.Root, Commit: r.commit}, arch)
		if err != nil {
			return nil, err
		}
		made[arch] = one
	}
	return image.Join(made), nil
}

// manifests writes the manifest, and the chart of the same objects.
func (r *releasing) manifests(ctx context.Context) error {
	return r.report.Do("Write the manifest and the chart", func() error {
		settings, err := bundle.Settings(r.Root, r.Environment)
		if err != nil {
			return err
		}
		values := maps.Clone(settings)
		values["registry"] = r.Registry
		objects, err := r.objects(ctx, r.Root, r.Registry)
		if err != nil {
			return err
		}
		content, err := manifest.Encode(objects)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(r.folder, release.Manifest), content, 0o644); err != nil {
			return err
		}
		placeholders := bundle.Placeholders(values)
		stage, err := os.MkdirTemp("", "taskwire-chart-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(stage) }()
		if err := bundle.Stage(r.Root, r.Environment, stage, placeholders); err != nil {
			return err
		}
		marked, err := r.objects(ctx, stage, placeholders["registry"])
		if err != nil {
			return err
		}
		chart, err := bundle.NewChart(r.Version, marked, values, placeholders)
		if err != nil {
			return err
		}
		if err := chart.Check(objects, placeholders); err != nil {
			return fmt.Errorf("the chart differs from the manifest: %w", err)
		}
		file, err := os.Create(filepath.Join(r.folder, r.release.Chart()))
		if err != nil {
			return err
		}
		return errors.Join(chart.Write(file, r.commit.Time), file.Close())
	})
}

// objects are those of the release, with the overlays of a folder.
func (r *releasing) objects(ctx context.Context, root, registry string) ([]manifest.Object, error) {
	b := bundle.Release{
		Version: r.Version, Commit: r.commit.Hash, Namespace: Namespace, Functions: r.functions, Registry: registry, Digests: r.release.Digests(),
	}
	for _, part := range []string{"dapr", "eventing"} {
		some, err := render(Options{Root: root, Environment: r.Environment}, part)
		if err != nil {
			return nil, err
		}
		b.Objects = append(b.Objects, some...)
	}
	if _, err := configure(b.Objects, Options{Environment: r.Environment, PublicURL: r.PublicURL}); err != nil {
		return nil, err
	}
	return b.Make()
}

// content writes the list of what the programs are made of. All architectures are made of the same.
func (r *releasing) content(ctx context.Context) error {
	return r.report.Do("List the content (builds syft the first time, which takes minutes)", func() error {
		programs, err := os.MkdirTemp("", "taskwire-sbom-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(programs) }()
		store, err := image.OpenStore(filepath.Join(r.folder, release.Images))
		if err != nil {
			return err
		}
		for _, i := range r.release.Images {
			index, err := store.Get(i.Digest)
			if err != nil {
				return err
			}
			if err := image.Extract(index, r.Architectures[0], filepath.Join(programs, i.Name)); err != nil {
				return fmt.Errorf("image %s: %w", i.Name, err)
			}
		}
		// The dashboard's pages are made of npm packages, of which no trace is left in them.
		const lock = "package-lock.json"
		packages, err := os.ReadFile(filepath.Join(r.Root, "frontend", lock))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.WriteFile(filepath.Join(programs, "dashboard", lock), packages, 0o600); err != nil {
			return err
		}
		return r.sbom(ctx, programs, filepath.Join(r.folder, release.SBOM))
	})
}

// writeSBOM runs syft, which tools/release pins.
func (r *releasing) writeSBOM(ctx context.Context, programs, to string) error {
	find := exec.CommandContext(ctx, "go", "-C", filepath.Join(r.Root, "tools", "release"), "tool", "-n", "syft")
	find.Env = append(os.Environ(), "GOWORK=off")
	path, err := find.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("build syft: %w\n%s", err, tail(exit.Stderr))
	}
	if err != nil {
		return err
	}
	command := exec.CommandContext(ctx, strings.TrimSpace(string(path)), "scan", "dir:"+programs, "--quiet",
		"--source-name", "taskwire", "--source-version", r.Version, "--output", "spdx-json="+to)
	command.Env = append(os.Environ(), "SYFT_CHECK_FOR_APP_UPDATE=false")
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("syft: %w\n%s", err, tail(output))
	}
	return nil
}

// ParseArchitectures reads a list such as "amd64,arm64".
func ParseArchitectures(list string) ([]string, error) {
	all := strings.Split(list, ",")
	for _, one := range all {
		if !slices.Contains([]string{"amd64", "arm64"}, one) {
			return nil, fmt.Errorf("ARCH=%s: want amd64, arm64 or both, as in amd64,arm64", list)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}
