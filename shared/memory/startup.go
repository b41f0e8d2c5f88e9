package memory

import (
	"runtime/debug"
	"time"
)

// settled is how long after its start a process has run everything that it runs at rest.
const settled = 10 * time.Second

// ReleaseStartup gives back the memory that only the start needed: an idle function halves by it. That is garbage, which the collector
// would find much later, and above all the program's code and constants: the kernel maps them from the file in blocks around
// what is used, and starting uses nearly all of it; what is used again is mapped again. It returns at once, and does so some
// seconds later. The program's file stays mapped on systems other than Linux.
func ReleaseStartup() {
	time.AfterFunc(settled, func() {
		debug.FreeOSMemory()
		unmapFile()
	})
}
