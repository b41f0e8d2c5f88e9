package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// own is the prefix of our modules, which the LICENSE at the root covers.
const own = "taskwire.dev/"

// licenseFile matches the names of files with license texts. A NOTICE or PATENTS file adds to a license but is not one.
var licenseFile = regexp.MustCompile(`(?i)^(un)?(licen[sc]e|copying)([-._].*)?$|(?i)[-.](licen[sc]e)(\.(md|txt))?$`)

// minCoverage is how much of a file, in percent, must match known license texts. pkg.go.dev requires the same.
const minCoverage = 75

// goModules returns the modules of all packages that are compiled for any module below root or its tests.
func goModules(ctx context.Context, root string) ([]Dependency, error) {
	pkgs, err := compiledPackages(ctx, root)
	if err != nil {
		return nil, err
	}
	files := map[module]map[string]bool{} // the license files of each module
	for _, p := range pkgs {
		if p.Module == nil || strings.HasPrefix(p.Module.Path, own) { // the standard library, or ours
			continue
		}
		m := p.Module.resolved()
		if files[m] == nil {
			files[m] = map[string]bool{}
		}
		found, err := licenseFiles(p.Dir, m.Dir)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			files[m][f] = true
		}
	}
	var deps []Dependency
	for m, found := range files {
		d := Dependency{Name: "go:" + m.Path, Version: m.Version, Source: m.Dir}
		if d.License, err = identify(found); err != nil {
			return nil, err
		}
		deps = append(deps, d)
	}
	return deps, nil
}

// linters is the module whose tools only read our code: they are part of nothing that runs.
var linters = filepath.Join("tools", "lint")

// compiledPackages lists the packages of the workspace's modules together, as they are tested, and those of each other
// module separately, with the programs that it builds from its requirements.
func compiledPackages(ctx context.Context, root string) ([]listedPackage, error) {
	mods, err := find(root, "go.mod")
	if err != nil {
		return nil, err
	}
	workspace, err := goList(ctx, root, "", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return nil, err
	}
	var patterns []string
	for dir := range strings.Lines(string(workspace)) {
		patterns = append(patterns, strings.TrimSpace(dir)+"/...")
	}
	pkgs, err := listPackages(ctx, root, "", append([]string{"-test"}, patterns...)...)
	if err != nil {
		return nil, err
	}
	for _, mod := range mods {
		dir, err := filepath.Abs(filepath.Dir(mod))
		if err != nil {
			return nil, err
		}
		if slices.Contains(patterns, dir+"/...") {
			continue
		}
		more, err := listPackages(ctx, dir, "off", "-test", "./...")
		if err != nil {
			return nil, err
		}
		pkgs = append(pkgs, more...)
		if strings.HasSuffix(dir, linters) {
			continue
		}
		if more, err = listPackages(ctx, dir, "off", "tool"); err != nil {
			return nil, err
		}
		pkgs = append(pkgs, more...)
	}
	return pkgs, nil
}

type module struct{ Path, Version, Dir string }

type listedModule struct {
	module
	Replace *listedModule
}

// resolved is the module whose files are compiled.
func (m *listedModule) resolved() module {
	if m.Replace != nil && m.Replace.Version != "" {
		return module{m.Replace.Path, m.Replace.Version, m.Dir}
	}
	return m.module
}

type listedPackage struct {
	Dir    string
	Module *listedModule
}

func listPackages(ctx context.Context, dir, workspace string, args ...string) ([]listedPackage, error) {
	out, err := goList(ctx, dir, workspace, append([]string{"-mod=readonly", "-deps", "-json=Dir,Module"}, args...)...)
	if err != nil {
		return nil, err
	}
	var pkgs []listedPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listedPackage
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list in %s: %w", dir, err)
		}
		pkgs = append(pkgs, p)
	}
}

// goList runs go list for the platform that functions are deployed to.
func goList(ctx context.Context, dir, workspace string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK="+workspace, "GOOS=linux", "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list in %s: %w: %s", dir, err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// licenseFiles returns the license files from a package's directory up to its module's root: copied code has its own.
func licenseFiles(dir, root string) ([]string, error) {
	var found []string
	for strings.HasPrefix(dir, root) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Type().IsRegular() && licenseFile.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" {
				found = append(found, filepath.Join(dir, e.Name()))
			}
		}
		dir = filepath.Dir(dir)
	}
	return found, nil
}

// identify returns the licenses of the files as one SPDX expression, in which NOASSERTION stands for a file that is not
// recognized. All of them apply: where a module offers a choice, policy.yaml says so.
func identify(files map[string]bool) (string, error) {
	var ids []string
	for file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		ids = append(ids, recognise(text)...)
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " AND "), nil
}

func recognise(text []byte) []string {
	cover := licensecheck.Scan(text)
	if cover.Percent < minCoverage {
		return []string{"NOASSERTION"}
	}
	var ids []string
	for _, m := range cover.Match {
		if !m.IsURL { // a link to a license, in a text that is one
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// find returns the files of one name below root, in order, except those that a tool has generated or installed.
func find(root, name string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && path != root && (e.Name() == "node_modules" || strings.HasPrefix(e.Name(), ".")):
			return filepath.SkipDir
		case e.Name() == name:
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
