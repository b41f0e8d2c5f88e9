// Package version says which commit the running program was built from.
package version

import (
	"runtime/debug"
	"sync"
)

// linked is set by the linker, with -X taskwire.dev/shared/version.linked=COMMIT: images are built in a copy of the
// function, where the go tool finds no repository.
var linked string

// Commit is the full hash of the commit, with "-dirty" after it if files had changed since. It is empty if the build
// recorded none, as on a laptop, where a commit that changes nothing in a function must not restart it.
var Commit = sync.OnceValue(func() string {
	if linked != "" {
		return linked
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	return recorded(info.Settings)
})

// recorded is the commit that the go tool writes into a program that it builds inside a repository.
func recorded(settings []debug.BuildSetting) string {
	var revision, dirty string
	for _, s := range settings {
		switch {
		case s.Key == "vcs.revision":
			revision = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "-dirty"
		}
	}
	if revision == "" {
		return ""
	}
	return revision + dirty
}
