//go:build !failpoint

package clock

import "time"

func offset() time.Duration { return 0 }
