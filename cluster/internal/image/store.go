package image

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
)

// Store is a folder of images, as an OCI layout.
type Store struct{ path layout.Path }

// NewStore makes an empty one.
func NewStore(folder string) (Store, error) {
	path, err := layout.Write(folder, empty.Index)
	return Store{path}, err
}

// OpenStore opens one.
func OpenStore(folder string) (Store, error) {
	path, err := layout.FromPath(folder)
	return Store{path}, err
}

// refName is the annotation by which other tools, such as skopeo, find an image in a layout.
const refName = "org.opencontainers.image.ref.name"

// Add stores an index, and returns its digest.
func (s Store) Add(name string, index v1.ImageIndex) (digest string, err error) {
	if err := s.path.AppendIndex(index, layout.WithAnnotations(map[string]string{refName: name})); err != nil {
		return "", fmt.Errorf("store the image of %s: %w", name, err)
	}
	hash, err := index.Digest()
	return hash.String(), err
}

// Get returns the index with a digest.
func (s Store) Get(digest string) (v1.ImageIndex, error) {
	hash, err := v1.NewHash(digest)
	if err != nil {
		return nil, err
	}
	all, err := s.path.ImageIndex()
	if err != nil {
		return nil, err
	}
	return all.ImageIndex(hash)
}

// Extract writes the files of the image for an architecture into a folder.
func Extract(index v1.ImageIndex, architecture, folder string) error {
	found, err := child(index, architecture)
	if err != nil {
		return err
	}
	if found == nil {
		return fmt.Errorf("there is no image for %s", architecture)
	}
	layers, err := found.Layers()
	if err != nil {
		return err
	}
	for _, layer := range layers {
		err := eachFile(layer, func(header *tar.Header, content io.Reader) (bool, error) {
			return true, write(filepath.Join(folder, filepath.Clean("/"+header.Name)), content) // never above the folder
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func write(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
