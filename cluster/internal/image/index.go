package image

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// Built is what func has built in a function's folder: an image for each architecture.
func Built(folder string) (v1.ImageIndex, error) {
	return layout.ImageIndexFromPath(folder + "/.func/build/oci")
}

// Join makes one index of the images for several architectures.
func Join(byArchitecture map[string]v1.Image) v1.ImageIndex {
	index := v1.ImageIndex(empty.Index)
	for _, architecture := range sorted(byArchitecture) {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        byArchitecture[architecture],
			Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: architecture}},
		})
	}
	return index
}

// placeholder is more than the note that stands in place of a program for an architecture that was not built.
const placeholder = 4 << 10

// Complete reports whether the index has a program for each architecture. `make deploy` builds only for those of one
// cluster, and func's index lists others nevertheless.
func Complete(index v1.ImageIndex, architectures []string) (bool, error) {
	for _, architecture := range architectures {
		found, err := child(index, architecture)
		if err != nil || found == nil {
			return false, err
		}
		size, err := programSize(found)
		if err != nil || size <= placeholder {
			return false, err
		}
	}
	return true, nil
}

// programSize is the size of the file that an image starts; zero if it has no such file.
func programSize(one v1.Image) (int64, error) {
	config, err := one.ConfigFile()
	if err != nil {
		return 0, err
	}
	command := append(config.Config.Entrypoint, config.Config.Cmd...)
	if len(command) == 0 {
		return 0, nil
	}
	layers, err := one.Layers()
	if err != nil {
		return 0, err
	}
	for _, layer := range layers {
		size := int64(-1)
		err := eachFile(layer, func(header *tar.Header, _ io.Reader) (more bool, err error) {
			if path.Clean("/"+header.Name) == path.Clean("/"+command[0]) {
				size = header.Size
			}
			return size < 0, nil
		})
		if err != nil || size >= 0 {
			return size, err
		}
	}
	return 0, nil
}

// eachFile calls do with each regular file of a layer, as long as that wants more.
func eachFile(layer v1.Layer, do func(*tar.Header, io.Reader) (more bool, err error)) error {
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
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if more, err := do(header, archive); err != nil || !more {
			return err
		}
	}
}

// child is the index's image for an architecture, or nil.
func child(index v1.ImageIndex, architecture string) (v1.Image, error) {
	manifest, err := index.IndexManifest()
	if err != nil {
		return nil, err
	}
	for _, m := range manifest.Manifests {
		if m.Platform != nil && m.Platform.OS == "linux" && m.Platform.Architecture == architecture {
			return index.Image(m.Digest)
		}
	}
	return nil, nil
}

// Find returns the index that a registry has under a reference; nil if it has none, or a single image.
func Find(ctx context.Context, reference string) (v1.ImageIndex, error) {
	target, err := name.ParseReference(reference)
	if err != nil {
		return nil, err
	}
	found, err := remote.Get(target, options(ctx)...)
	if missing(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("image %s: %w", reference, err)
	}
	if !found.MediaType.IsIndex() {
		return nil, nil
	}
	return found.ImageIndex()
}

// missing reports whether a registry has said that it does not have something.
func missing(err error) bool {
	var answer *transport.Error
	return errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
}

// PushIndex pushes the index to repository under a tag, with the images in it that the registry lacks, and reports
// whether anything but the tag was missing. A registry's clean-up may leave an index whose images are gone, so it looks
// at each.
func PushIndex(ctx context.Context, repository, tag string, index v1.ImageIndex) (pushed bool, err error) {
	target, err := name.NewRepository(repository)
	if err != nil {
		return false, err
	}
	manifest, err := index.IndexManifest()
	if err != nil {
		return false, err
	}
	digest, err := index.Digest()
	if err != nil {
		return false, err
	}
	for _, m := range manifest.Manifests {
		there, err := has(ctx, target.Digest(m.Digest.String()))
		if err != nil {
			return pushed, err
		}
		if there {
			continue
		}
		pushed = true
		one, err := index.Image(m.Digest)
		if err != nil {
			return pushed, err
		}
		if err := remote.Write(target.Digest(m.Digest.String()), one, options(ctx)...); err != nil {
			return pushed, fmt.Errorf("push an image of %s: %w", repository, err)
		}
	}
	whole := target.Digest(digest.String())
	there, err := has(ctx, whole)
	if err != nil {
		return pushed, err
	}
	if !there {
		pushed = true
		if err := remote.WriteIndex(whole, index, options(ctx)...); err != nil {
			return pushed, fmt.Errorf("push %s: %w", whole, err)
		}
	}
	if err := remote.Tag(target.Tag(tag), index, options(ctx)...); err != nil {
		return pushed, fmt.Errorf("tag %s:%s: %w", repository, tag, err)
	}
	return pushed, nil
}

// has reports whether a registry has a manifest.
func has(ctx context.Context, reference name.Digest) (bool, error) {
	_, err := remote.Head(reference, options(ctx)...)
	if missing(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("image %s: %w", reference, err)
	}
	return true, nil
}
