package generator

import "golang.org/x/sys/unix"

// RaiseOpenFiles raises this process's limit of open files to n, also for the programs that it starts, and returns the limit: less than n
// if the machine does not allow more.
func RaiseOpenFiles(n uint64) (uint64, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 0, err
	}
	if limit.Max < n && unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: n}) == nil {
		return n, nil
	}
	limit.Cur = limit.Max
	return limit.Cur, unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
}
