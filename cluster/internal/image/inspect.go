package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/google/go-containerregistry/pkg/authn"
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
	found, err := remote.Image(target, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain),
		remote.WithPlatform(v1.Platform{OS: "linux", Architecture: runtime.GOARCH}))
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
	content, err := layer.Uncompressed()
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	archive := tar.NewReader(content)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if header.Typeflag == tar.TypeReg {
			c.Files = append(c.Files, header.Name)
		}
	}
}
