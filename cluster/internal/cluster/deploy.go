package cluster

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"taskwire.dev/tools/bundle"
	"taskwire.dev/tools/function"
	"taskwire.dev/tools/manifest"
	"taskwire.dev/tools/progress"
)

// ErrRefused is the error when the user answers no.
var ErrRefused = errors.New("nothing was changed")

// deploying is one deployment in progress.
type deploying struct {
	Cluster
	Options
	functions []function.Function
	objects   []manifest.Object // of both overlays, except for Jobs
	jobs      []manifest.Object
	check     manifest.Object // the Job that looks for readers at the broker, when everything is there; nil if there is none
	config    map[string]any
}

// Deploy deploys all of Taskwire to a cluster, or only what has changed since.
func Deploy(ctx context.Context, o Options, report *progress.Reporter) error {
	if err := checkTools(kubectlTool, funcTool); err != nil {
		return err
	}
	d := &deploying{Cluster: Cluster{Kubeconfig: o.kubeconfig(), Report: report}, Options: o}
	version := func(ctx context.Context) error { return d.CheckVersion(ctx, o.Root) }
	steps := []func(context.Context) error{d.Reachable, version, d.CheckPlatform, d.read, d.prepare, d.around, d.runAll, d.checkConsumers, d.checkFrontDoor}
	if o.Environment == Production {
		steps = []func(context.Context) error{d.Reachable, version, d.CheckPlatform, d.read, d.agree, d.around, d.runAll, d.checkConsumers, d.checkFrontDoor}
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// read reads what to deploy.
func (d *deploying) read(ctx context.Context) error {
	var err error
	if d.functions, err = function.Discover(d.Root); err != nil {
		return err
	}
	for _, folder := range []string{"dapr", "eventing"} {
		objects, err := render(d.Options, folder)
		if err != nil {
			return err
		}
		for _, one := range objects {
			if one.Kind() == "Job" && one.Name() == consumersJob {
				d.check = one
				setVariable(one, "WAIT_SECONDS", consumersWait)
			} else if one.Kind() == "Job" {
				d.jobs = append(d.jobs, one)
			} else {
				d.objects = append(d.objects, one)
			}
		}
	}
	if err := d.checkExtensions(ctx); err != nil {
		return err
	}
	d.config, err = configure(d.objects, d.Options)
	return err
}

// extensions are products that only some overlays need, by the group of their objects, with what to do where one is missing.
var extensions = map[string]string{
	"monitoring.coreos.com":     "the Prometheus operator: make kind-up installs it on kind; elsewhere install it, or leave ../../observability out of eventing/overlays/%s (docs/observability.md)",
	"gateway.networking.k8s.io": "the Gateway API, to which the front door of eventing/overlays/%s is attached (docs/operations.md)",
}

// checkExtensions reports that the overlay has objects of a product that is not in the cluster.
func (d *deploying) checkExtensions(ctx context.Context) error {
	var needed []string
	for group := range extensions {
		if slices.ContainsFunc(d.objects, func(one manifest.Object) bool {
			version, _ := one["apiVersion"].(string)
			return strings.HasPrefix(version, group+"/")
		}) {
			needed = append(needed, group)
		}
	}
	if len(needed) == 0 {
		return nil
	}
	output, err := d.kubectl(ctx, nil, "get", "crd", "-o", "name")
	if err != nil {
		return err
	}
	for _, group := range slices.Sorted(slices.Values(needed)) {
		if !bytes.Contains(output, []byte("."+group+"\n")) {
			return fmt.Errorf("the cluster lacks "+extensions[group], d.Environment)
		}
	}
	return nil
}

// prepare creates the secrets, which everything else refers to.
func (d *deploying) prepare(ctx context.Context) error {
	return d.Report.Do("Make the secrets that are missing", func() error {
		for _, one := range d.objects {
			if one.Kind() != "Namespace" {
				continue
			}
			content, err := manifest.Encode([]manifest.Object{one})
			if err != nil {
				return err
			}
			if err := d.apply(ctx, content); err != nil {
				return err
			}
		}
		return d.ensureSecrets(ctx, d.Options, d.references())
	})
}

func (d *deploying) references() references {
	all := append(slices.Clone(d.objects), d.jobs...)
	if d.check != nil {
		all = append(all, d.check)
	}
	return referencesOf(all, d.functions)
}

// around applies both overlays, waits for their servers, and runs the Jobs.
func (d *deploying) around(ctx context.Context) error {
	err := d.Report.Do("Build the migrations", func() error {
		made, err := d.pushMigrate(ctx, d.Options)
		if err != nil {
			return err
		}
		for _, job := range d.jobs {
			manifest.ReplaceImage(job, bundle.MigrateReference, made)
		}
		for _, one := range d.objects {
			if one.Kind() == "CronJob" {
				manifest.ReplaceImage(one, bundle.MigrateReference, made)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = d.Report.Do("Apply dapr/ and eventing/", func() error {
		return d.applyInOrder(ctx, d.objects)
	})
	if err != nil {
		return err
	}
	for _, one := range d.objects {
		if kind := one.Kind(); kind == "StatefulSet" || kind == "Deployment" {
			if err := d.Report.Do("Start "+one.Name(), func() error { return d.rolledOut(ctx, one) }); err != nil {
				return err
			}
		}
	}
	return d.runJobs(ctx, d.Options, d.jobs)
}

// consumersJob is the Job of eventing/topics that checks the sources.
const consumersJob = "consumers"

// consumersWait is how many seconds it waits where the functions are there already.
const consumersWait = "120"

// checkConsumers checks at the broker that every KafkaSource reads: a source is Ready also when its login is refused.
func (d *deploying) checkConsumers(ctx context.Context) error {
	if d.check == nil || len(d.Only) > 0 {
		return nil
	}
	return d.Report.Do("Check that every event source reads", func() error { return d.runJob(ctx, d.check) })
}

// runAll deploys the functions that differ from the cluster's.
func (d *deploying) runAll(ctx context.Context) error {
	changed, err := d.changed(ctx)
	if err != nil {
		return err
	}
	if len(changed) > 0 {
		if err := d.deployFunctions(ctx, d.Options, changed); err != nil {
			return err
		}
	}
	if err := d.checkTraffic(ctx, d.wanted()); err != nil {
		return err
	}
	if len(changed) == 0 {
		d.Report.Say("  ✓ Every function runs as it is here")
	}
	return nil
}

func (d *deploying) changed(ctx context.Context) ([]deployment, error) {
	configured, err := d.configured(ctx)
	if err != nil {
		return nil, err
	}
	return d.plan(ctx, d.Options, d.wanted(), configured)
}

// wanted are the functions to deploy: all, or those of Only.
func (d *deploying) wanted() []function.Function {
	if len(d.Only) == 0 {
		return d.functions
	}
	return slices.DeleteFunc(slices.Clone(d.functions), func(f function.Function) bool { return !slices.Contains(d.Only, f.Name) })
}

// configured changes with everything that functions read at their start: then they must be restarted.
func (d *deploying) configured(ctx context.Context) (string, error) {
	hash := sha256.New()
	if err := json.NewEncoder(hash).Encode(d.config); err != nil { // sorted by key
		return "", err
	}
	for _, name := range slices.Sorted(maps.Keys(d.references())) {
		held, err := d.readSecret(ctx, name)
		if err != nil {
			return "", err
		}
		if err := json.NewEncoder(hash).Encode(held); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// agree shows what would change in production, and asks for confirmation.
func (d *deploying) agree(ctx context.Context) error {
	if err := d.checkKeys(ctx, d.references()); err != nil {
		return err
	}
	database, err := d.readSecret(ctx, secretDatabase)
	if err != nil {
		return err
	}
	redis, err := d.readSecret(ctx, secretRedis)
	if err != nil {
		return err
	}
	if wrong := checkAddresses(d.objects, database, redis); len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("the addresses in secrets are not those of eventing/overlays/production/settings, which network policies are made from:\n  %s", strings.Join(wrong, "\n  "))
	}
	if err := d.checkDispatchers(ctx); err != nil {
		return err
	}
	d.Report.Say("What would change in %s, namespace %s:\n", d.context(ctx), Namespace)
	content, err := d.withRunningImages(ctx, d.objects)
	if err != nil {
		return err
	}
	different, err := d.diff(ctx, content, os.Stdout)
	if err != nil {
		return err
	}
	if !different {
		d.Report.Say("  nothing in dapr/ and eventing/")
	}
	changed, err := d.changed(ctx)
	if err != nil {
		return err
	}
	for _, one := range changed {
		d.Report.Say("  function %s: a new revision, of source %s", one.Name, one.source)
	}
	for _, one := range d.objects {
		if one.Kind() == "CronJob" {
			d.Report.Say("  cronjob %s: the program of this commit, from its next run on", one.Name())
		}
	}
	for _, job := range d.jobs {
		d.Report.Say("  job %s: runs again, and changes only what is not yet so", job.Name())
	}
	if d.Yes {
		return nil
	}
	return confirm(d.Report)
}
