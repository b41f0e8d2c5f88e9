package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"taskwire.dev/cluster/internal/image"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/topics"
)

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

// runJobs runs the overlay's Jobs, which create tables and topics, to completion: functions need them. If no Job
// creates the topics, they are created from here.
func (c Cluster) runJobs(ctx context.Context, o Options, jobs []manifest.Object) error {
	if !slices.ContainsFunc(jobs, func(job manifest.Object) bool { return job.Name() == "topics" }) && o.KafkaBrokers != "" {
		err := c.Report.Do("Make the topics", func() error {
			wanted, err := topics.Read(filepath.Join(o.Root, "eventing", "topics.yaml"))
			if err != nil {
				return err
			}
			_, err = topics.Create(ctx, strings.Split(o.KafkaBrokers, ","), wanted)
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, job := range jobs {
		if err := c.Report.Do("Run the job "+job.Name(), func() error { return c.runJob(ctx, job) }); err != nil {
			return err
		}
	}
	return nil
}

// runJob runs a Job again: a completed one cannot be changed, so it is deleted first.
func (c Cluster) runJob(ctx context.Context, job manifest.Object) error {
	name := job.Name()
	if _, err := c.kubectl(ctx, nil, "-n", Namespace, "delete", "job", name, "--ignore-not-found", "--wait"); err != nil {
		return err
	}
	content, err := manifest.Encode([]manifest.Object{job})
	if err != nil {
		return err
	}
	if err := c.apply(ctx, content); err != nil {
		return err
	}
	return c.completes(ctx, name)
}

// jobTimeout bounds a Job: migrations may have to wait for a database that is still starting.
const jobTimeout = 10 * time.Minute

// completes waits for a Job, and shows the end of its log when it fails.
func (c Cluster) completes(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, jobTimeout)
	defer cancel()
	for {
		var job struct {
			Status conditions `json:"status"`
		}
		if _, err := c.get(ctx, &job, "job", name); err != nil {
			return err
		}
		ended := func(how string) bool {
			return slices.ContainsFunc(job.Status.Conditions, func(c condition) bool { return c.Type == how && c.Status == "True" })
		}
		if ended("Complete") {
			return nil
		}
		if ended("Failed") || ctx.Err() != nil {
			log, _ := c.kubectl(context.WithoutCancel(ctx), nil, "-n", Namespace, "logs", "job/"+name, "--all-containers", "--tail=20")
			return fmt.Errorf("the job %s failed:\n%s", name, strings.TrimSpace(string(log)))
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Second): // the polling interval
		}
	}
}
