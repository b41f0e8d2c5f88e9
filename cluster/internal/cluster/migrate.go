package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/manifest"
)

// withRunningImages encodes objects whose CronJobs have the image of the migrations that runs now, for a diff: that of this commit is
// built when the user has agreed, and the reference that stands for it in the manifests would be a change that is never made.
func (c Cluster) withRunningImages(ctx context.Context, objects []manifest.Object) ([]byte, error) {
	content, err := manifest.Encode(objects)
	if err != nil {
		return nil, err
	}
	copies, err := manifest.Parse(content)
	if err != nil {
		return nil, err
	}
	for _, one := range copies {
		if one.Kind() != "CronJob" {
			continue
		}
		running, err := c.query(ctx, "-n", Namespace, "get", "cronjob", one.Name(), "--ignore-not-found",
			"-o", "jsonpath={.spec.jobTemplate.spec.template.spec.containers[0].image}")
		if err != nil {
			return nil, err
		}
		if len(running) > 0 {
			manifest.ReplaceImage(one, bundle.MigrateReference, string(running))
		}
	}
	return manifest.Encode(copies)
}

// pushMigrate builds and pushes it for the nodes, and returns its name with its digest.
func (c Cluster) pushMigrate(ctx context.Context, o Options) (string, error) {
	archs, err := c.nodeArchitectures(ctx)
	if err != nil {
		return "", err
	}
	made, err := buildMigrate(ctx, o, archs[0])
	if err != nil {
		return "", err
	}
	return image.Push(ctx, o.Registry+"/migrate:"+o.Commit.Tag(), made)
}

// buildMigrate builds the image for one architecture.
func buildMigrate(ctx context.Context, o Options, arch string) (v1.Image, error) {
	migrate, err := compileMigrate(ctx, o, arch)
	if err != nil {
		return nil, err
	}
	taskwire, err := compile(ctx, o, arch, "functions/outbox-relay", "taskwire")
	if err != nil {
		return nil, err
	}
	return image.Build(arch, map[string]string{"org.opencontainers.image.revision": o.Commit.String()},
		image.File{Path: "/migrate", Source: migrate}, image.File{Path: "/taskwire", Source: taskwire})
}

// compileMigrate returns the path of the program migrate.
func compileMigrate(ctx context.Context, o Options, arch string) (string, error) {
	return compile(ctx, o, arch, "migrations", "migrate")
}

// compile builds cmd/NAME of a module and returns the program's path.
func compile(ctx context.Context, o Options, arch, module, name string) (string, error) {
	program := filepath.Join(state(o.Root), "bin", arch, name)
	if err := os.MkdirAll(filepath.Dir(program), 0o755); err != nil {
		return "", err
	}
	command := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-ldflags="+o.Commit.LinkerFlags(), "-o", program, "./cmd/"+name)
	command.Dir = filepath.Join(o.Root, module)
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOOS=linux", "GOARCH="+arch)
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", name, err, output)
	}
	return program, nil
}
