package image

import (
	"archive/tar"
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

// Content is the content of an image for one architecture.
type Content struct {
	// Size of all layers as they are stored and sent, in bytes.
	Size int64
	// Files are the paths of all regular files.
	Files []string
}

// Inspect reads an image of a registry, for this machine's architecture.
func Inspect(ctx context.Context, reference string) (Content, error) {
	target, err := name.ParseReference(reference)
	if err != nil {
		return Content{}, err
	}
	found, err := remote.Image(target, append(options(ctx), remote.WithPlatform(v1.Platform{OS: "linux", Architecture: runtime.GOARCH}))...)
	if err != nil {
		return Content{}, fmt.Errorf("image %s: %w", reference, err)
	}
	layers, err := found.Layers()
	if err != nil {
		return Content{}, err
	}
	var c Content
	for _, layer := range layers {
		size, err := layer.Size()
		if err != nil {
			return c, err
		}
		c.Size += size
		if err := c.read(layer); err != nil {
			return c, fmt.Errorf("image %s: %w", reference, err)
		}
	}
	return c, nil
}

func (c *Content) read(layer v1.Layer) error {
	return eachFile(layer, func(header *tar.Header, _ io.Reader) (bool, error) {
		c.Files = append(c.Files, header.Name)
		return true, nil
	})
}
