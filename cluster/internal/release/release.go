// Package release reads and writes the folder of a release, dist/VERSION.
package release

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"taskwire.dev/cluster/internal/image"
)

// Files in the folder of a release.
const (
	// Manifest has everything of Taskwire in it, to be applied as one.
	Manifest = "taskwire.yaml"
	// SBOM lists what the programs are made of, in SPDX's JSON.
	SBOM = "sbom.spdx.json"
	// ImageList names each image with its digest, one a line.
	ImageList = "images.txt"
	// Images is an OCI layout of all images: what a registry has removed is pushed from it again.
	Images = "images"

	about = "release.json"
	sums  = "SHA256SUMS"
)

// Release says what a release consists of.
type Release struct {
	Version string `json:"version"`
	// Commit is what it was built from, and Created when that was made.
	Commit  string    `json:"commit"`
	Created time.Time `json:"created"`
	// Environment is the overlay.
	Environment   string   `json:"environment"`
	Architectures []string `json:"architectures"`
	// Registry is where the images are, each under its name.
	Registry string  `json:"registry"`
	Images   []Image `json:"images"`
}

// Image is one of the images.
type Image struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
}

// Chart is the name of the file with the Helm chart.
func (r Release) Chart() string { return "taskwire-" + strings.TrimPrefix(r.Version, "v") + ".tgz" }

// Digests are the digests of the images by name.
func (r Release) Digests() map[string]string {
	all := map[string]string{}
	for _, i := range r.Images {
		all[i.Name] = i.Digest
	}
	return all
}

// pattern is a semantic version without build metadata, which image tags and names of objects cannot have.
var pattern = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-z-][0-9a-z-]*)(\.(0|[1-9]\d*|\d*[a-z-][0-9a-z-]*))*)?$`)

// longest leaves room for the version in the name of a Job, which is that of a label too.
const longest = 40

// CheckVersion is an error unless version can be that of a release.
func CheckVersion(version string) error {
	if version == "" {
		return errors.New("VERSION is not set: a version such as v1.2.3 or v1.3.0-rc.1")
	}
	if !pattern.MatchString(version) || len(version) > longest {
		return fmt.Errorf("VERSION=%s: want a version such as v1.2.3 or v1.3.0-rc.1, in lower case", version)
	}
	return nil
}

// Folder is where a release is.
func Folder(root, version string) string { return filepath.Join(root, "dist", version) }

// Write writes release.json, the list of images and, last, the sums of all files in the folder.
func (r Release) Write(folder string) error {
	content, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, about), append(content, '\n'), 0o644); err != nil {
		return err
	}
	var list bytes.Buffer
	for _, i := range r.Images {
		fmt.Fprintf(&list, "%s/%s@%s\n", r.Registry, i.Name, i.Digest)
	}
	if err := os.WriteFile(filepath.Join(folder, ImageList), list.Bytes(), 0o644); err != nil {
		return err
	}
	return writeSums(folder)
}

// writeSums writes the sums in the format of sha256sum.
func writeSums(folder string) error {
	var list bytes.Buffer
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fmt.Fprintf(&list, "%x  %s\n", sha256.Sum256(content), filepath.ToSlash(name))
		return nil
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, sums), list.Bytes(), 0o644)
}

// Open reads a release, and fails if any of its files is not as it was written.
func Open(root, version string) (Release, error) {
	if err := CheckVersion(version); err != nil {
		return Release{}, err
	}
	var r Release
	folder := Folder(root, version)
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return r, fmt.Errorf("there is no release dist/%s: copy it from where it is kept", version)
	}
	if err := checkSums(folder); err != nil {
		return r, fmt.Errorf("dist/%s is damaged: %w", version, err)
	}
	content, err := os.ReadFile(filepath.Join(folder, about))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(content, &r); err != nil {
		return r, fmt.Errorf("dist/%s/%s: %w", version, about, err)
	}
	if r.Version != version {
		return r, fmt.Errorf("dist/%s holds the release %s", version, r.Version)
	}
	return r, nil
}

func checkSums(folder string) error {
	file, err := os.Open(filepath.Join(folder, sums))
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		want, name, ok := strings.Cut(lines.Text(), "  ")
		if !ok || !filepath.IsLocal(name) {
			return fmt.Errorf("%s has the line %q", sums, lines.Text())
		}
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != want {
			return fmt.Errorf("%s has changed since the release was made", name)
		}
	}
	return lines.Err()
}

// Restore pushes the images that the registry lacks from the folder, with their digests, and returns their names.
func (r Release) Restore(ctx context.Context, folder string) (restored []string, err error) {
	store, err := image.OpenStore(filepath.Join(folder, Images))
	if err != nil {
		return nil, err
	}
	for _, i := range r.Images {
		index, err := store.Get(i.Digest)
		if err != nil {
			return restored, fmt.Errorf("image %s: %w", i.Name, err)
		}
		pushed, err := image.PushIndex(ctx, r.Registry+"/"+i.Name, r.Version, index)
		if err != nil {
			return restored, err
		}
		if pushed {
			restored = append(restored, i.Name)
		}
	}
	return restored, nil
}
