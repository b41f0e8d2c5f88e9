package cluster

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"taskwire.dev/e2e/check"
	"taskwire.dev/shared/eventually"
)

// TestReleases_UpgradeAndRollbackLoseNothing applies the first release of dist/ by name, the last, the first again and at the end
// the last, for the tests that follow: each as one file, as GitOps does, under a steady load of changes.
func TestReleases_UpgradeAndRollbackLoseNothing(t *testing.T) {
	place(t)
	manifests := check.Must(filepath.Glob("../../dist/*/taskwire.yaml"))(t)
	if len(manifests) < 2 {
		t.Skipf("dist/ has %d releases of the overlay test-cluster, which is not two: make release makes them", len(manifests))
	}
	w, _ := underLoad(t)
	first, last := manifests[0], manifests[len(manifests)-1]
	for _, path := range []string{first, last, first, last} {
		version := filepath.Base(filepath.Dir(path))
		step(t, "apply release "+version, func(ctx context.Context, t *testing.T) {
			_, err := kubectl(ctx, "apply", "--server-side", "--force-conflicts", "--field-manager=taskwire", "-f", path)
			check.NoError(t, err)
			for _, f := range check.Must(functions(ctx))(t) {
				rolled(ctx, t, f)
				runs(ctx, t, f, version)
			}
			w.Recovered(t)
		})
	}
	w.Verify(t)
}

// runs fails unless a function is the one of a release.
func runs(ctx context.Context, t *testing.T, f function, version string) {
	t.Helper()
	found := check.Must(get[struct {
		Metadata metadata `json:"metadata"`
	}](ctx, f.kind, f.name))(t)
	if got := found.Metadata.Annotations["taskwire.dev/release"]; got != version {
		t.Errorf("%s is of release %q, want %s", f.name, got, version)
	}
}

// TestCanary_SharesTheTraffic gives a new revision of tasks half of the requests before it gets all of them.
func TestCanary_SharesTheTraffic(t *testing.T) {
	w, _ := underLoad(t)
	ctx := check.Within(t, timeout)
	tasks := function{name: "tasks", kind: serving}
	before := check.Must(shares(ctx, tasks.name))(t)[0].RevisionName
	t.Cleanup(func() {
		check.NoError(t, split(context.WithoutCancel(ctx), tasks.name, `{"latestRevision":true,"percent":100}`))
	})

	check.NoError(t, split(ctx, tasks.name, fmt.Sprintf(`{"revisionName":%q,"percent":100}`, before)))
	check.NoError(t, roll(ctx, tasks))
	rolled(ctx, t, tasks)
	if now := check.Must(shares(ctx, tasks.name))(t); len(now) != 1 || now[0].RevisionName != before {
		t.Fatalf("the new revision has requests before it was given any: %+v", now)
	}
	w.Recovered(t)

	check.NoError(t, split(ctx, tasks.name, fmt.Sprintf(`{"revisionName":%q,"percent":50},{"latestRevision":true,"percent":50}`, before)))
	eventually.Succeeds(ctx, t, "both revisions serve", func() error {
		found, err := pods(ctx, tasks.name)
		if err != nil {
			return err
		}
		live := map[string]bool{}
		for _, p := range found {
			if p.ready() {
				live[p.Metadata.Labels["serving.knative.dev/revision"]] = true
			}
		}
		if len(live) != 2 {
			return fmt.Errorf("%v serve", live)
		}
		return nil
	})
	w.Recovered(t)

	check.NoError(t, split(ctx, tasks.name, `{"latestRevision":true,"percent":100}`))
	eventually.Succeeds(ctx, t, "the new revision has all requests", func() error {
		now, err := shares(ctx, tasks.name)
		if err == nil && slices.ContainsFunc(now, func(s share) bool { return s.RevisionName == before }) {
			err = fmt.Errorf("the traffic is %+v", now)
		}
		return err
	})
	w.Verify(t)
}

// share is a revision's part of the requests.
type share struct {
	RevisionName string `json:"revisionName"`
	Percent      int    `json:"percent"`
}

func shares(ctx context.Context, name string) ([]share, error) {
	found, err := get[struct {
		Status struct {
			Traffic []share `json:"traffic"`
		} `json:"status"`
	}](ctx, serving, name)
	if err == nil && len(found.Status.Traffic) == 0 {
		err = fmt.Errorf("%s has no traffic", name)
	}
	return found.Status.Traffic, err
}

func split(ctx context.Context, name, traffic string) error {
	_, err := kubectl(ctx, "patch", serving, name, "--type=merge", "-p", `{"spec":{"traffic":[`+traffic+`]}}`)
	return err
}
