// Package image makes container images of one static program, without a container engine, and pushes them.
package image

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"os"
	"runtime"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// certificates is where Debian and Alpine keep the authorities; Go looks there too.
const certificates = "/etc/ssl/certs/ca-certificates.crt"

// Push makes an image whose one file is the program, with the machine's certificate authorities beside it, and
// pushes it as reference, to registries that Docker's configuration knows a login for. It gives the image's name
// with its digest, by which a cluster should run it.
func Push(ctx context.Context, reference, program string) (string, error) {
	target, err := name.ParseReference(reference)
	if err != nil {
		return "", err
	}
	layer, err := layerOf(map[string]string{"/app": program, certificates: certificates})
	if err != nil {
		return "", err
	}
	made, err := mutate.AppendLayers(empty.Image, layer)
	if err != nil {
		return "", err
	}
	made, err = mutate.ConfigFile(made, withConfig(made))
	if err != nil {
		return "", err
	}
	err = remote.Write(target, made, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	if err != nil {
		return "", fmt.Errorf("push %s: %w", reference, err)
	}
	digest, err := made.Digest()
	if err != nil {
		return "", err
	}
	return target.Context().Digest(digest.String()).String(), nil
}

func withConfig(made v1.Image) *v1.ConfigFile {
	file, err := made.ConfigFile()
	if err != nil {
		file = &v1.ConfigFile{}
	}
	file = file.DeepCopy()
	file.OS, file.Architecture = "linux", runtime.GOARCH
	file.Config.Entrypoint = []string{"/app"}
	file.Config.User = "65532:65532" // nobody: a pod may then insist on an image that is not root's
	return file
}

// layerOf packs files by the path that they get. Times and owners are left out, so that the same program always
// makes the same image.
func layerOf(files map[string]string) (v1.Layer, error) {
	var packed bytes.Buffer
	squeezed := gzip.NewWriter(&packed)
	archive := tar.NewWriter(squeezed)
	for _, path := range []string{"/app", certificates} {
		if err := add(archive, path, files[path]); err != nil {
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

func add(archive *tar.Writer, path, source string) error {
	content, err := os.ReadFile(source)
	if err != nil {
		return err
	}
	mode := int64(0o644)
	if path == "/app" {
		mode = 0o755
	}
	if err := archive.WriteHeader(&tar.Header{Name: path[1:], Mode: mode, Size: int64(len(content)), Typeflag: tar.TypeReg}); err != nil {
		return err
	}
	_, err = archive.Write(content)
	return err
}
