// Package ports gives each stack that a command of this repository starts a range of ports of its own, so that all of them can run
// at once.
package ports

// Each is the number of ports of a stack.
const Each = 1000

// bases are below 32768: from there on Linux takes the ports of outgoing connections.
var bases = map[string]int{
	"dev":            18000,
	"test":           28000,
	"test-chaos":     29000, // the second stack of `make test`, on which parts are killed
	"tutorial":       31000, // a third one, for the function that docs/add-a-function.md builds
	"chaos":          20000,
	"security":       24000,
	"rehearse":       30000,
	"bench":          22000,
	"bench-base":     16000, // the two stacks of `make bench-check`
	"bench-to":       17000,
	"upgrade-before": 26000, // the two stacks of `make upgrade-test`
	"upgrade-after":  27000,
}

// Base returns the first port of a profile's range, or 0 if it has none.
func Base(profile string) int { return bases[profile] }
