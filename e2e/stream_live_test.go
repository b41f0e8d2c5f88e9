package e2e

import (
	"strconv"
)

func frameID(epoch string, seq int64) string { return epoch + "-" + strconv.FormatInt(seq, 10) }
