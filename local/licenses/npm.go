package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// npmPackages returns the packages of every package-lock.json below root, development dependencies included.
func npmPackages(root string) ([]Dependency, error) {
	files, err := find(root, "package-lock.json")
	if err != nil {
		return nil, err
	}
	var deps []Dependency
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		locked, err := parseLock(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for i := range locked {
			locked[i].Source, _ = filepath.Rel(root, file)
		}
		deps = append(deps, locked...)
	}
	return deps, nil
}

func parseLock(text []byte) ([]Dependency, error) {
	var lock struct {
		Version  int `json:"lockfileVersion"`
		Packages map[string]struct {
			Name    string `json:"name"` // only for an alias, or for the project itself
			Version string `json:"version"`
			License string `json:"license"`
			Link    bool   `json:"link"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, err
	}
	if lock.Version < 2 { // version 1 has no list of packages: it would pass unchecked
		return nil, fmt.Errorf("lockfileVersion %d does not state licenses; npm 7 or later writes one that does", lock.Version)
	}
	var deps []Dependency
	for place, p := range lock.Packages {
		if place == "" || p.Link { // the project itself
			continue
		}
		name := p.Name
		if name == "" {
			name = place[strings.LastIndex(place, "node_modules/")+len("node_modules/"):]
		}
		deps = append(deps, Dependency{Name: "npm:" + name, Version: p.Version, License: p.License})
	}
	return deps, nil
}
