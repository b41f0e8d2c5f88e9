// Package image builds container images of static programs, without a container engine, and pushes them.
package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// certificates is where Debian and Alpine store the authorities; Go looks there too.
const certificates = "/etc/ssl/certs/ca-certificates.crt"

// nobody is the account for pods that must not run as root.
const nobody = "65532:65532"

// File is a file of an image.
type File struct{ Path, Source string }

// Build makes an image of the files, the first of which is its program, with the machine's certificate authorities.
// Labels are those of the image.
func Build(architecture string, labels map[string]string, files ...File) (v1.Image, error) {
	layer, err := layerOf(append(files, File{certificates, certificates}))
	if err != nil {
		return nil, err
	}
	made, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return nil, err
	}
	config, err := made.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", architecture
	config.Config = v1.Config{Entrypoint: []string{files[0].Path}, User: nobody, Labels: labels}
	return mutate.ConfigFile(made, config)
}

// Push pushes an image as reference, to a registry that Docker's configuration has a login for. It returns the image's
// name with its digest, by which a cluster should run it.
func Push(ctx context.Context, reference string, made v1.Image) (string, error) {
	target, err := name.ParseReference(reference)
	if err != nil {
		return "", err
	}
	if err := remote.Write(target, made, options(ctx)...); err != nil {
		return "", fmt.Errorf("push %s: %w", reference, err)
	}
	digest, err := made.Digest()
	if err != nil {
		return "", err
	}
	return target.Context().Digest(digest.String()).String(), nil
}

// options of every request to a registry.
func options(ctx context.Context) []remote.Option {
	return []remote.Option{remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain)}
}

// layerOf packs files. Times and owners are left out, so that the same files always give the same image.
func layerOf(files []File) (v1.Layer, error) {
	var packed bytes.Buffer
	squeezed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(squeezed)
	for _, file := range files {
		content, err := os.ReadFile(file.Source)
		if err != nil {
			return nil, err
		}
		err = archive.WriteHeader(&tar.Header{
			Name: strings.TrimPrefix(file.Path, "/"), Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg,
		})
		if err != nil {
			return nil, err
		}
		if _, err := archive.Write(content); err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	if err := squeezed.Close(); err != nil {
		return nil, err
	}
	return tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(packed.Bytes())), nil
	})
}
