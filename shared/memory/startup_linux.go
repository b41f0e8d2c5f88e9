package memory

import (
	"bufio"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"syscall"
)

// unmapFile makes the kernel forget which pages of the program's file are in memory, except for those that can be written. They stay in
// its cache, as those of any file that was read.
func unmapFile() {
	program, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer func() { _ = maps.Close() }()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		line := lines.Text()
		var from, to uintptr
		var access string
		if _, err := fmt.Sscanf(line, "%x-%x %s", &from, &to, &access); err != nil || strings.Contains(access, "w") || !strings.HasSuffix(line, " "+program) {
			continue
		}
		if _, _, e := syscall.Syscall(syscall.SYS_MADVISE, from, to-from, syscall.MADV_DONTNEED); e != 0 {
			slog.Debug("the memory of the start cannot be given back", "error", e)
			return
		}
	}
}
