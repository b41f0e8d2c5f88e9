package proc

import (
	"runtime"
	"strconv"
)

// GoThreads is the environment variable by which each Go program of the stack uses half of the cores. A dozen of them
// share the machine with PostgreSQL. Each that may use every core wakes threads that spin in search of work, on the cores
// that the others wait for.
func GoThreads() string { return "GOMAXPROCS=" + strconv.Itoa(max(1, runtime.NumCPU()/2)) }
