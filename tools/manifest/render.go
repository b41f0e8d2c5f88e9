package manifest

import (
	"fmt"
	"os"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Render builds a folder's kustomization, as `kubectl kustomize` does, into YAML documents.
func Render(folder string) ([]byte, error) {
	if _, err := os.Stat(folder); err != nil {
		return nil, err // kustomize would take the folder for an address, and ask git for it
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, fmt.Errorf("kustomize build %s: %w", folder, err)
	}
	return built.AsYaml()
}
