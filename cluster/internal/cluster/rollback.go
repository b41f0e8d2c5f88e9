package cluster

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskwire.dev/cluster/internal/release"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/progress"
)

// RollbackOptions say which release is to run.
type RollbackOptions struct {
	Root, Version string
	// Yes skips the confirmation.
	Yes bool
}

// rollback is one in progress.
type rollback struct {
	Cluster
	RollbackOptions
	release release.Release
	objects []manifest.Object
}

// Rollback makes a release run that is in dist/, an earlier one or any other.
func Rollback(ctx context.Context, o RollbackOptions, report *progress.Reporter) error {
	if err := checkTools(kubectlTool); err != nil {
		return err
	}
	r := &rollback{Cluster: Cluster{Report: report}, RollbackOptions: o}
	for _, step := range []func(context.Context) error{
		r.open, r.Reachable, r.CheckPlatform, r.restoreImages, r.checkSchema, r.agree, r.applyAll, r.startStopped, r.wait, r.leftovers,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *rollback) open(context.Context) error {
	var err error
	if r.release, err = release.Open(r.Root, r.Version); err != nil {
		return err
	}
	r.Kubeconfig = Options{Root: r.Root, Environment: r.release.Environment}.kubeconfig()
	content, err := os.ReadFile(filepath.Join(release.Folder(r.Root, r.Version), release.Manifest))
	if err != nil {
		return err
	}
	r.objects, err = manifest.Parse(content)
	return err
}

// restoreImages pushes again what the registry's clean-up has removed.
func (r *rollback) restoreImages(ctx context.Context) error {
	var restored []string
	err := r.Report.Do("Look for the images in "+r.release.Registry, func() (err error) {
		restored, err = r.release.Restore(ctx, release.Folder(r.Root, r.Version))
		return err
	})
	if len(restored) > 0 {
		r.Report.Say("  the registry had lost images of %s: pushed from dist/%s", strings.Join(restored, ", "), r.Version)
	}
	return err
}

// checkSchema runs the release's migrate in the cluster. It refuses a database whose schema has lost what the release
// needs; nothing is migrated back.
func (r *rollback) checkSchema(ctx context.Context) error {
	var account struct{}
	if exists, err := r.get(ctx, &account, "serviceaccount", "taskwire-job"); err != nil || !exists {
		return err // nothing of Taskwire is here yet, and the Job could not run
	}
	job, err := schemaJob(r.objects, r.Version)
	if err != nil {
		return err
	}
	err = r.Report.Do("Check that "+r.Version+" works with the database's schema", func() error { return r.runJob(ctx, job) })
	if err != nil {
		return fmt.Errorf("%s was not rolled back to, and nothing has changed: %w", r.Version, err)
	}
	return r.deleteJobs(ctx, job.Name())
}

// schemaJob is the release's migrations Job with the command that only checks.
func schemaJob(objects []manifest.Object, version string) (manifest.Object, error) {
	for _, one := range objects {
		if one.Kind() != "Job" || !strings.HasPrefix(one.Name(), "migrations-") {
			continue
		}
		content, err := manifest.Encode([]manifest.Object{one})
		if err != nil {
			return nil, err
		}
		copies, err := manifest.Parse(content)
		if err != nil {
			return nil, err
		}
		job := copies[0]
		pod := podSpec(job)
		first, _ := pod["initContainers"].([]any)
		if len(first) == 0 {
			break
		}
		container, _ := first[0].(map[string]any)
		container["args"] = []any{"supports"}
		pod["containers"] = []any{container}
		pod["restartPolicy"] = "Never" // its log must stay
		delete(pod, "initContainers")
		job["spec"].(map[string]any)["backoffLimit"] = 0
		job.Metadata()["name"] = "schema-" + strings.TrimPrefix(one.Name(), "migrations-")
		return job, nil
	}
	return nil, fmt.Errorf("dist/%s/%s has no Job migrations", version, release.Manifest)
}

// agree shows what would change, and asks.
func (r *rollback) agree(ctx context.Context) error {
	if err := r.checkKeys(ctx, referencesOf(r.objects, nil)); err != nil {
		return err
	}
	r.Report.Say("What %s would change in %s, namespace %s:\n", r.Version, r.context(ctx), Namespace)
	content, err := manifest.Encode(r.objects)
	if err != nil {
		return err
	}
	different, err := r.diff(ctx, content, os.Stdout)
	if err != nil {
		return err
	}
	if !different {
		r.Report.Say("  nothing")
	}
	if r.Yes {
		return nil
	}
	return confirm(r.Report)
}

// confirm asks, and is an error unless the answer is yes.
func confirm(report *progress.Reporter) error {
	report.Say("\nGo on? Type yes.")
	answer, _ := bufio.NewReader(os.Stdin).ReadString('\n')
	if strings.TrimSpace(answer) != "yes" {
		return ErrRefused
	}
	return nil
}

// applyAll sends everything, and all traffic to what it makes: a canary may have pinned it to a revision. The Jobs run again,
// although a release that ran has them: the servers may be new ones, without the roles' passwords and the topics.
func (r *rollback) applyAll(ctx context.Context) error {
	return r.Report.Do("Apply "+r.Version, func() error {
		var jobs []string
		for _, one := range r.objects {
			if one.Kind() == "Job" {
				jobs = append(jobs, one.Name())
			}
			if isService(one) {
				spec, _ := one["spec"].(map[string]any)
				spec["traffic"] = []any{map[string]any{"latestRevision": true, "percent": 100}}
			}
		}
		if err := r.deleteJobs(ctx, jobs...); err != nil {
			return err
		}
		return r.applyInOrder(ctx, r.objects)
	})
}

// startStopped starts Deployments that somebody has scaled to zero, such as for a restore. A release says no number of replicas where
// there is an autoscaler, and that leaves a Deployment without replicas alone.
func (r *rollback) startStopped(ctx context.Context) error {
	for _, one := range r.objects {
		if one.Kind() != "Deployment" {
			continue
		}
		var now deployed
		if _, err := r.get(ctx, &now, "deployment", one.Name()); err != nil {
			return err
		}
		if now.Spec.Replicas > 0 {
			continue
		}
		replicas, err := r.replicas(ctx, one.Name())
		if err != nil {
			return err
		}
		if _, err := r.kubectl(ctx, nil, "-n", Namespace, "scale", "deployment/"+one.Name(), fmt.Sprintf("--replicas=%d", max(replicas, 1))); err != nil {
			return err
		}
	}
	return nil
}

// isService reports whether an object is a Knative Service.
func isService(one manifest.Object) bool {
	return one.Kind() == "Service" && strings.HasPrefix(fmt.Sprint(one["apiVersion"]), "serving.knative.dev/")
}

// wait waits until Jobs are complete and every function runs as the release has it.
func (r *rollback) wait(ctx context.Context) error {
	for _, one := range r.objects {
		var work func() error
		switch {
		case one.Kind() == "Job":
			work = func() error { return r.completes(ctx, one.Name()) }
		case one.Kind() == "Deployment":
			work = func() error { return r.rolledOut(ctx, one) }
		case isService(one):
			work = func() error { return r.serves(ctx, one.Name()) }
		default:
			continue
		}
		if err := r.Report.Do("Wait for "+one.Name(), work); err != nil {
			return err
		}
	}
	return nil
}

// revisionTimeout bounds the wait for one function, with the time for its image and for room on a node.
const revisionTimeout = 5 * time.Minute

// serves waits until the newest revision of a Service has its traffic.
func (c Cluster) serves(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, revisionTimeout)
	defer cancel()
	for {
		var now deployed
		if _, err := c.get(ctx, &now, service, name); err != nil {
			return err
		}
		if now.ready() {
			return nil
		}
		if failed, err := c.latestFailed(ctx, now); err != nil {
			return err
		} else if failed {
			return fmt.Errorf("the revision %s of %s failed: kubectl -n %s describe revision %s", now.Status.LatestRevision, name, Namespace, now.Status.LatestRevision)
		}
		if pause(ctx) != nil {
			return fmt.Errorf("%s is not ready after %s", name, revisionTimeout)
		}
	}
}

// leftovers names the functions that the release does not have: they go on running, as a newer release made them.
func (r *rollback) leftovers(ctx context.Context) error {
	output, err := r.kubectl(ctx, nil, "-n", Namespace, "get", "services.serving.knative.dev,kafkasources,pingsources",
		"-l", "app.kubernetes.io/part-of=taskwire", "-o", "name")
	if err != nil {
		return err
	}
	left := map[string]bool{}
	for name := range strings.FieldsSeq(string(output)) {
		left[name] = true
	}
	for _, one := range r.objects {
		group, _, _ := strings.Cut(fmt.Sprint(one["apiVersion"]), "/")
		delete(left, strings.ToLower(one.Kind())+"."+group+"/"+one.Name())
	}
	if len(left) > 0 {
		r.Report.Say("\n%s does not have these, and leaves them as they are; to remove them:\n  kubectl -n %s delete %s",
			r.Version, Namespace, strings.Join(slices.Sorted(maps.Keys(left)), " "))
	}
	return nil
}
