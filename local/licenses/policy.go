package main

import (
	"errors"
	"fmt"
	"path"

	"github.com/github/go-spdx/v2/spdxexp"
	"sigs.k8s.io/yaml"
)

// A Policy says which licenses a dependency may have.
type Policy struct {
	Allowed    []string    `json:"allowed"`
	Exceptions []Exception `json:"exceptions"`
}

// An Exception accepts one package, or those that match a pattern, under a license that is not allowed in general.
type Exception struct {
	Package string `json:"package"` // a path.Match pattern over Dependency.Name
	License string `json:"license"` // exactly what was found, so that a change of license is noticed; empty for none
	Reason  string `json:"reason"`
}

func parsePolicy(text []byte) (Policy, error) {
	var p Policy
	if err := yaml.UnmarshalStrict(text, &p); err != nil {
		return p, err
	}
	if ok, invalid := spdxexp.ValidateLicenses(p.Allowed); !ok {
		return p, fmt.Errorf("not SPDX identifiers: %q", invalid)
	}
	for _, e := range p.Exceptions {
		if _, err := path.Match(e.Package, ""); err != nil || e.Package == "" {
			return p, fmt.Errorf("exception %q is not a pattern", e.Package)
		}
		if e.Reason == "" {
			return p, fmt.Errorf("exception %q has no reason", e.Package)
		}
	}
	if len(p.Allowed) == 0 {
		return p, errors.New("no license is allowed")
	}
	return p, nil
}

// check returns one sentence for each dependency that the policy rejects, and for each exception that is no longer
// needed.
func (p Policy) check(deps []Dependency) []string {
	var problems []string
	used := make([]bool, len(p.Exceptions))
	for _, d := range deps {
		if d.License != "" {
			// An expression that does not parse is rejected below, by name.
			if ok, err := spdxexp.Satisfies(d.License, p.Allowed); ok && err == nil {
				continue
			}
		}
		excepted := false
		for i, e := range p.Exceptions {
			if ok, _ := path.Match(e.Package, d.Name); ok && e.License == d.License {
				used[i], excepted = true, true
			}
		}
		switch {
		case excepted:
		case d.License == "":
			problems = append(problems, fmt.Sprintf("%s %s: no known license in %s; add an exception with its reason, or do without it",
				d.Name, d.Version, d.Source))
		default:
			problems = append(problems, fmt.Sprintf("%s %s: %s is not allowed (%s)", d.Name, d.Version, d.License, d.Source))
		}
	}
	for i, e := range p.Exceptions {
		if !used[i] {
			problems = append(problems, fmt.Sprintf("exception %q (%s) applies to no dependency; remove it from policy.yaml",
				e.Package, e.License))
		}
	}
	return problems
}
