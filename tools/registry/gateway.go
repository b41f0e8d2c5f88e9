package registry

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"
)

// gatewayRegistry is the Go file with the gateway's routes.
func gatewayRegistry(r Registry, _ []byte) ([]byte, error) {
	var routes []string
	for _, f := range r.Functions {
		for _, path := range f.Routes {
			routes = append(routes, fmt.Sprintf("\t{%q, %q},\n", path, f.Name))
		}
	}
	slices.Sort(routes)
	var out bytes.Buffer
	fmt.Fprintf(&out, "// %s\n\npackage function\n\n", header)
	gateway, _ := r.named("gateway")
	var invoked []string
	for _, name := range gateway.Invokes {
		invoked = append(invoked, fmt.Sprintf("%q: true", name))
	}
	fmt.Fprintf(&out, "// throughSidecar are the functions that the gateway invokes through its sidecar.\nvar throughSidecar = map[string]bool{%s}\n\n", strings.Join(invoked, ", "))
	fmt.Fprintf(&out, "// forwarded are the paths that are forwarded to functions.\nvar forwarded = []route{\n%s}\n", strings.Join(routes, ""))
	return format.Source(out.Bytes())
}
