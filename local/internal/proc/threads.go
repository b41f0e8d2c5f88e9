package proc

import (
	"runtime"
	"strconv"
)

// GoThreads is the environment variable that limits each Go program of the stack to half of the cores. A dozen of them
// share the machine with PostgreSQL. A program that may use every core wakes threads that spin looking for work, on
// cores that the others are waiting for.
func GoThreads() string { return "GOMAXPROCS=" + strconv.Itoa(max(1, runtime.NumCPU()/2)) }
