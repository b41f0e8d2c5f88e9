package cluster

import (
	"strings"
	"testing"

	"taskwire.dev/tools/manifest"
)

// Before the user agrees, what would change is shown without the image of the migrations, which is not built yet.
func TestWithRunningImages(t *testing.T) {
	const running = "registry.example.com/taskwire/migrate@sha256:0"
	for answer, want := range map[string]string{running: running, "": "taskwire/migrate:0.1.0"} { // there is none yet
		objects, err := manifest.Parse([]byte(`
kind: CronJob
metadata: {name: backup}
spec: {jobTemplate: {spec: {template: {spec: {containers: [{name: backup, image: "taskwire/migrate:0.1.0"}]}}}}}
`))
		if err != nil {
			t.Fatal(err)
		}
		_, c := fakeKubectl(t, `printf '%s' '`+answer+`'`)
		shown, err := c.withRunningImages(t.Context(), objects)
		if err != nil || !strings.Contains(string(shown), "image: "+want+"\n") {
			t.Errorf("%s, %v, want %s", shown, err, want)
		}
		if content, err := manifest.Encode(objects); err != nil || !strings.Contains(string(content), "image: taskwire/migrate:0.1.0") {
			t.Errorf("the objects that are applied have changed: %s, %v", content, err)
		}
	}
}
