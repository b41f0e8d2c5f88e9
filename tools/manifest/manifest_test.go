package manifest_test

import (
	"reflect"
	"testing"

	"taskwire.dev/tools/manifest"
)

func TestReplaceImage_AnyTagAndNoOtherName(t *testing.T) {
	t.Parallel()
	all, err := manifest.Parse([]byte("kind: Job\nspec:\n  a: [{image: 'taskwire/migrate:1'}, {image: taskwire/migrate}, {image: 'taskwire/migrater:1'}]\n---\n\n---\nkind: B\n"))
	if err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	manifest.ReplaceImage(all[0], "taskwire/migrate", "x@sha256:1")
	want := map[string]any{"a": []any{
		map[string]any{"image": "x@sha256:1"}, map[string]any{"image": "x@sha256:1"}, map[string]any{"image": "taskwire/migrater:1"},
	}}
	if !reflect.DeepEqual(all[0]["spec"], want) {
		t.Errorf("%v", all[0])
	}
}
